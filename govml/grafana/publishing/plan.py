"""What a Grafana is to hold of ours: data sources, folders, dashboards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from govml.grafana.publishing.tailoring import Promise, error_budgets, tailored

#: Everything of ours is found by this: tag of dashboards, first part of identifiers.
MARK: Final = "govml"
FOLDER: Final = Path(__file__).resolve().parents[1] / "dashboards"
#: Beside the dashboards in the function's archive: what the agency fills into them.
AGENCY_FILE: Final = "agency.json"

#: Directory of dashboards -> title of their folder in Grafana.
TITLES: Final = {
    "overview": "GovML 1: Agency",
    "service-levels": "GovML 2: Service levels",
    "models": "GovML 3: Models",
    "data-and-pipelines": "GovML 4: Data and pipelines",
    "foundation-models": "GovML 5: Foundation models",
}


@dataclass(frozen=True)
class Folder:
    """A folder by its identifier and title."""

    uid: str
    title: str


@dataclass(frozen=True)
class Board:
    """A dashboard and the folder that it belongs in."""

    folder: str
    body: Mapping[str, Any]

    @property
    def uid(self) -> str:
        """Its identifier, as in `govml-endpoint`."""
        return str(self.body["uid"])


@dataclass(frozen=True)
class Plan:
    """What is to be there.

    Args:
        sources: bodies of data sources, as Grafana's API takes them.
        folders: the folders.
        boards: the dashboards.
    """

    sources: Sequence[Mapping[str, Any]]
    folders: Sequence[Folder]
    boards: Sequence[Board]


def agency_text(promises: Iterable[Promise], prefixes: Sequence[str]) -> str:
    """Return the text of `AGENCY_FILE`.

    Args:
        promises: what the endpoints promise.
        prefixes: prefixes of the environments' names; the first is shown first.
    """
    filled = {"budgets": error_budgets(promises), "prefixes": list(prefixes)}
    return json.dumps(filled, indent=1, sort_keys=True) + "\n"


def plan(sources: Sequence[Mapping[str, Any]], *, budgets: str, prefixes: Sequence[str], folder: Path = FOLDER) -> Plan:
    """Return what an agency's Grafana is to hold.

    Args:
        sources: data sources, of `sources`.
        budgets: PromQL of error budgets, of `tailoring.error_budgets`.
        prefixes: prefixes of the environments' names.
        folder: where the committed dashboards stand.
    """
    boards = [
        Board(
            f"{MARK}-{path.parent.name}",
            tailored(json.loads(path.read_text("utf-8")), budgets=budgets, prefixes=prefixes),
        )
        for path in sorted(folder.rglob("*.json"))
    ]
    used = {each.folder for each in boards}
    folders = [Folder(f"{MARK}-{name}", title) for name, title in TITLES.items() if f"{MARK}-{name}" in used]
    return Plan(list(sources), folders, boards)
