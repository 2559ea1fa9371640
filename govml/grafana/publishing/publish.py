"""Puts a plan in place: what is missing is made, what differs is set right, what is no longer wanted goes if it is ours.

Every act stands for itself and can be done again. What fails is told at the end, so that one dashboard does not keep the others
away, and the next run does what is left.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from govml.grafana.publishing.client import Grafana, GrafanaError
from govml.grafana.publishing.plan import MARK, Board, Folder, Plan

_CONFLICT: Final = 412
_UNAUTHORISED: Final = frozenset({401, 403})


@dataclass
class Report:
    """What was done.

    Args:
        made: what was not there.
        changed: what was set right.
        unchanged: what was as it should be.
        removed: dashboards of ours that are no longer wanted.
        problems: what could not be done, with the reason.
    """

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def publish(grafana: Grafana, wanted: Plan) -> Report:
    """Put a plan in place and say what was done.

    Raises:
        GrafanaError: the token is not taken, so nothing at all can be done.
    """
    report = Report()
    for source in wanted.sources:
        _try(report, f"data source {source['name']}", partial(_source, grafana, source))
    for folder in wanted.folders:
        _try(report, f"folder {folder.title}", partial(_folder, grafana, folder))
    for board in wanted.boards:
        _try(report, f"dashboard {board.uid}", partial(_board, grafana, board))
    _try(report, "dashboards that are no longer wanted", partial(_sweep, grafana, wanted, report))
    return report


def _try(report: Report, name: str, act: Callable[[], str | None]) -> None:
    try:
        outcome = act()
    except GrafanaError as error:
        if error.status in _UNAUTHORISED:
            raise
        report.problems.append(f"{name}: {error}")
    else:
        if outcome is not None:
            getattr(report, outcome).append(name)


def _source(grafana: Grafana, wanted: Mapping[str, Any]) -> str:
    path = f"/api/datasources/uid/{wanted['uid']}"
    there = grafana.get(path)
    if there is None:
        grafana.send("POST", "/api/datasources", wanted)
        return "made"
    if contains(there, wanted):
        return "unchanged"
    grafana.send("PUT", path, wanted)
    return "changed"


def _folder(grafana: Grafana, wanted: Folder) -> str:
    path = f"/api/folders/{wanted.uid}"
    there = grafana.get(path)
    if there is None:
        grafana.send("POST", "/api/folders", {"uid": wanted.uid, "title": wanted.title})
        return "made"
    if there["title"] == wanted.title:
        return "unchanged"
    grafana.send("PUT", path, {"title": wanted.title, "version": there["version"]})
    return "changed"


def _board(grafana: Grafana, wanted: Board) -> str:
    """Save a dashboard; whoever saved it meanwhile is overruled once, as the code is the truth.

    Grafana keeps each version, with the digest of what the code says as its message.
    """
    for last in (False, True):
        there = grafana.get(f"/api/dashboards/uid/{wanted.uid}")
        if there is not None:
            if MARK not in there["dashboard"].get("tags", []):
                raise GrafanaError(wanted.uid, 0, "a dashboard that is not ours has this identifier; rename it")
            if there["meta"].get("folderUid") == wanted.folder and contains(there["dashboard"], wanted.body):
                return "unchanged"
        known = {} if there is None else {"version": there["dashboard"]["version"]}
        try:
            grafana.send(
                "POST",
                "/api/dashboards/db",
                {
                    "dashboard": {**wanted.body, "id": None, **known},
                    "folderUid": wanted.folder,
                    "message": f"{MARK} {digest(wanted.body)}",
                    "overwrite": False,
                },
            )
        except GrafanaError as error:
            if error.status != _CONFLICT or last:
                raise
        else:
            return "made" if there is None else "changed"
    raise AssertionError("the second try returns or raises")


def _sweep(grafana: Grafana, wanted: Plan, report: Report) -> None:
    """Remove dashboards that carry our tag and our kind of identifier, in our folders, and that nobody wants any more."""
    keep, folders = {each.uid for each in wanted.boards}, {each.uid for each in wanted.folders}
    for found in grafana.get(f"/api/search?tag={MARK}&type=dash-db&limit=1000") or []:
        uid = str(found["uid"])
        if uid.startswith(f"{MARK}-") and uid not in keep and found.get("folderUid") in folders:
            grafana.send("DELETE", f"/api/dashboards/uid/{uid}")
            report.removed.append(f"dashboard {uid}")


def contains(there: Any, wanted: Any) -> bool:
    """Return whether everything that is wanted is there; Grafana adds defaults of its own to what it is sent."""
    if isinstance(wanted, Mapping):
        return isinstance(there, Mapping) and all(contains(there.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return (
            isinstance(there, list)
            and len(there) == len(wanted)
            and all(contains(one, other) for one, other in zip(there, wanted, strict=True))
        )
    return bool(there == wanted)


def digest(body: Mapping[str, Any]) -> str:
    """Return twelve characters that stand for what a dashboard says."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:12]
