"""Findings of the scanners that are accepted, each with its reason: `scanners/exceptions.yaml`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.error import YAMLError

from govml.errors import UserError

_FIELDS = {"scanner", "rule", "at", "reason", "owner", "expires"}
_SHORTEST_REASON = 20


@dataclass(frozen=True)
class ScanException:
    """One accepted rule at one place.

    Args:
        scanner, rule: as in `ScanFinding`.
        at: pattern of construct paths, without the environment: `Data/Lake/Logs/Bucket/Resource`, `*/Function/Resource`;
            or of the names of parameters: `*Image`.
        reason, owner, expires: as of an acknowledgement.
        line: where it stands in the file.
    """

    scanner: str
    rule: str
    at: str
    reason: str
    owner: str
    expires: date
    line: int

    def covers(self, scanner: str, rule: str, path: str) -> bool:
        """Return whether it accepts a rule at a construct path, which starts with the name of its environment."""
        return (scanner, rule) == (self.scanner, self.rule) and fnmatchcase(path.partition("/")[2], self.at)


def read_exceptions(path: Path, today: date) -> list[ScanException]:
    """Read the file.

    Args:
        path: the file.
        today: the day on which each must hold.

    Raises:
        UserError: it cannot be read, or an entry lacks something, is too wide, or has expired.
    """
    try:
        content = YAML().load(path.read_text(encoding="utf-8"))
    except (OSError, YAMLError) as error:
        raise UserError(f"{path}: cannot be read: {error}") from error
    if content is None:
        return []
    if not isinstance(content, CommentedSeq):
        raise UserError(f"{path}: it must be a list of exceptions")
    return [_read(path, each, content.lc.item(index)[0] + 1, today) for index, each in enumerate(content)]


def _read(path: Path, entry: Any, line: int, today: date) -> ScanException:
    where = f"{path}:{line}"
    if not isinstance(entry, dict) or set(entry) != _FIELDS:
        raise UserError(f"{where}: an exception has exactly {', '.join(sorted(_FIELDS))}")
    expires = entry["expires"]
    if not isinstance(expires, date):
        raise UserError(f"{where}: `expires` must be a day, YYYY-MM-DD")
    texts = {name: str(entry[name]).strip() for name in _FIELDS - {"expires"}}
    if len(texts["reason"]) < _SHORTEST_REASON or not texts["owner"]:
        raise UserError(f"{where}: a reason of {_SHORTEST_REASON} characters and an owner are needed")
    if not texts["at"].strip("*/"):
        raise UserError(f"{where}: `at` covers everything", hint="name the construct, such as */Function/Resource")
    if expires < today:
        raise UserError(f"{where}: expired on {expires.isoformat()}", hint="mend the cause, or review and extend it")
    return ScanException(**texts, expires=expires, line=line)


def stale(exceptions: Iterable[ScanException], used: Iterable[ScanException]) -> list[ScanException]:
    """Return the exceptions that match no finding: they would hide the next one."""
    matched = set(used)
    return [each for each in exceptions if each not in matched]
