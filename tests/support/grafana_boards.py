"""The committed dashboards, their panels and what these ask."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "govml" / "grafana" / "dashboards"
FILES = sorted(FOLDER.rglob("*.json"))


@dataclass(frozen=True)
class Question:
    """One query of one panel."""

    board: str
    panel: str
    target: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.board}: {self.panel}"


def boards() -> dict[str, dict[str, Any]]:
    """Return file name without its ending -> dashboard."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}


def questions(source: str) -> Iterator[Question]:
    """Give every query of a type of data source (`prometheus`, `cloudwatch`)."""
    for name, board in boards().items():
        for panel in board["panels"]:
            for target in panel.get("targets", []):
                if target["datasource"]["type"] == source:
                    yield Question(name, panel["title"], target)


def filled(expression: str, *, endpoint: str = ".+", budgets: str, over: str = "5m") -> str:
    """Return PromQL with the variables of Grafana in their places."""
    for name, value in {"$endpoint": endpoint, "$budgets": budgets, "$__rate_interval": over}.items():
        expression = expression.replace(name, value)
    return expression
