"""Evidence for AI Verify's process checks: what this run can show, and what it cannot."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

STATED = "Not stated"


def load_checks() -> list[dict[str, Any]]:
    """The checks of `checks.toml`."""
    text = resources.files("govml_pipeline.model_card").joinpath("checks.toml").read_text(encoding="utf-8")
    checks: list[dict[str, Any]] = tomllib.loads(text)["checks"]
    return checks


def ai_verify(documents: dict[str, Any]) -> dict[str, Any]:
    """Look every piece of evidence up; nothing is claimed that is not there.

    Args:
        documents: files of this run by name, parsed where they are JSON.

    Returns:
        `checks`, each with `id`, `principle`, `asks`, `status` (`answered`, `partly` or `unanswered`), `evidence` (file
        and key) and, unless it is answered, `needs`; `counts` by status; `source`.
    """
    checks = [_check(check, documents) for check in load_checks()]
    statuses = [check["status"] for check in checks]
    return {
        "source": "AI Verify Testing Framework, process checklists; questions in our own words",
        "counts": {status: statuses.count(status) for status in ("answered", "partly", "unanswered")},
        "checks": checks,
    }


def _check(check: dict[str, Any], documents: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {name: check[name] for name in ("id", "principle", "asks")}
    absent = [place for place in check["evidence"] if not _there(place, documents, stated=check.get("stated", False))]
    if not check["evidence"] or absent:
        missing = f"this run has no {', '.join(absent)}" if absent else check["needs"]
        return {**result, "status": "unanswered", "evidence": [], "needs": missing}
    found = [dict(zip(("file", "key"), place.split("#"), strict=True)) for place in check["evidence"]]
    if check["covers"] == "whole":
        return {**result, "status": "answered", "evidence": found}
    return {**result, "status": "partly", "evidence": found, "needs": check["needs"]}


def _there(place: str, documents: dict[str, Any], *, stated: bool) -> bool:
    """Whether a place holds something: not absent, not empty, not false, and said by somebody where that is asked."""
    file, _, path = place.partition("#")
    value: Any = documents.get(file)
    for key in filter(None, path.split(".")):
        value = value.get(key) if isinstance(value, dict) else None
    if stated and isinstance(value, str) and value.startswith(STATED):
        return False
    return bool(value)
