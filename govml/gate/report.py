"""CDK's validation report (`validation-report.json`), read into typed records."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPORT = "validation-report.json"

_HARMLESS = {"info", "informational", "debug"}


class BadReportError(Exception):
    """The report is missing or cannot be read; nothing can be said about the assembly."""


@dataclass(frozen=True)
class Violation:
    """One rule broken by one or more constructs; `acknowledged_*` are empty when nobody has accepted it."""

    rule: str
    severity: str
    description: str
    constructs: tuple[str, ...]
    acknowledged_id: str = ""
    acknowledged_at: str = ""
    reason: str = ""

    @property
    def counts(self) -> bool:
        """Return whether it stops the gate when it is open: everything above mere information."""
        return self.severity not in _HARMLESS


@dataclass(frozen=True)
class PluginReport:
    """What one plugin said; `error` is its exception when it crashed."""

    name: str
    version: str
    succeeded: bool
    error: str
    violations: tuple[Violation, ...]
    acknowledged: tuple[Violation, ...]


def read_report(directory: Path) -> list[PluginReport]:
    """Read the report of an assembly.

    Raises:
        BadReportError: no report, one that is older than the assembly, or one that is not the JSON that CDK writes.
    """
    path, manifest = directory / REPORT, directory / "manifest.json"
    if not path.is_file():
        raise BadReportError(
            "there is no validation report: no plugin was registered, or the app stopped before it ran"
        )
    # CDK writes the report after the manifest. A second of tolerance, for file systems and archives with coarse times.
    if path.stat().st_mtime < manifest.stat().st_mtime - 1:
        raise BadReportError("the validation report is older than the assembly: it judged another synth")
    try:
        return [_plugin(item) for item in json.loads(path.read_bytes())["pluginReports"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadReportError(f"the validation report cannot be read ({type(error).__name__}: {error})") from error


def _plugin(item: dict[str, Any]) -> PluginReport:
    return PluginReport(
        name=str(item.get("pluginName") or "unnamed plugin"),
        version=str(item.get("pluginVersion") or ""),
        succeeded=item["conclusion"] == "success",
        error=str((item.get("metadata") or {}).get("error") or ""),
        violations=tuple(_violation(each) for each in item["violations"]),
        acknowledged=tuple(_violation(each) for each in item.get("suppressedViolations") or []),
    )


def _violation(item: dict[str, Any]) -> Violation:
    return Violation(
        rule=str(item["ruleName"]),
        severity=str(item.get("customSeverity") or item.get("severity") or "error").lower(),
        description=str(item.get("description") or ""),
        constructs=tuple(str(each.get("constructPath") or "") for each in item["violatingConstructs"]),
        acknowledged_id=str(item.get("acknowledgedId") or ""),
        acknowledged_at=str(item.get("acknowledgedAt") or ""),
        reason=str(item.get("reason") or ""),
    )
