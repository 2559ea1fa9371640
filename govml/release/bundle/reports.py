"""Where the reports of a model package stand, by what the package itself says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

#: Reports of the step Assess, in the folder that the package's metadata names.
_ASSESSMENT: Final = (
    "assessment",
    "metadata",
    "fairness",
    "explanation",
    "robustness",
    "model_tests",
    "operational",
    "model_card",
    "ai_verify",
)


def report_uris(package: Mapping[str, Any]) -> dict[str, str]:
    """Return report -> its S3 URI, of those that a package refers to.

    Args:
        package: `DescribeModelPackage`.
    """
    notes = package.get("CustomerMetadataProperties") or {}
    found: dict[str, str] = {}
    folder = str(notes.get("Assessment", "")).rstrip("/")
    if folder:
        found |= {name: f"{folder}/{name}.json" for name in _ASSESSMENT}
    quality = ((package.get("ModelMetrics") or {}).get("ModelQuality") or {}).get("Statistics") or {}
    named = {
        "evaluation": quality.get("S3Uri"),
        "validation": notes.get("ValidationReport"),
        "known_answers": notes.get("KnownAnswers"),
    }
    return found | {name: str(uri) for name, uri in named.items() if uri}


def split_uri(uri: str) -> tuple[str, str]:
    """Return bucket and key of an S3 URI; both are empty where it is none."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return (bucket, key) if uri.startswith("s3://") and bucket and key else ("", "")
