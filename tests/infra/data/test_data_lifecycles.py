"""What becomes of the lake's objects, class of the data by class; the figures here are those of docs/stacks.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from govml.settings import load_settings
from govml.settings.classification import HANDLING, DataClassification
from stacks.data.zone_lifecycles import zone_lifecycles
from stacks.environment.context import EnvironmentContext

REPOSITORY = Path(__file__).resolve().parents[3]
# class -> days until delivered files cool, days until results of queries go, days that versions are kept
DAYS: dict[DataClassification, tuple[int, int, int]] = {
    "official-open": (90, 30, 30),
    "official-closed": (90, 14, 90),
    "restricted": (180, 7, 180),
    "confidential": (365, 1, 365),
}
AGENCY = """
agency: mini
project_code: MINI
owner: team@example.gov.sg
data_classification: {}
maturity: stage1
environments:
  dev: {{account: "123456789012", cidr: 10.1.0.0/22}}
data:
  sources:
    hdb_resale: {{}}
"""


def test_every_class_is_here() -> None:
    assert set(DAYS) == set(HANDLING)


@pytest.mark.parametrize("name", DAYS)
def test_the_class_decides_how_objects_grow_old(tmp_path: Path, name: DataClassification) -> None:
    path = tmp_path / "agency.yaml"
    path.write_text(AGENCY.format(name))
    cool, results, versions = DAYS[name]
    context = EnvironmentContext(load_settings(path), "dev", "agency.yaml")
    zones = zone_lifecycles(context)
    assert dict(zones["raw"].cool_after) == {"": cool}
    assert dict(zones["raw"].expire_after) == {}  # what was delivered is never deleted
    assert dict(zones["curated"].cool_after) == {"hdb-resale/deliveries/": cool}
    assert dict(zones["curated"].expire_after) == {"athena-results/": results}
    assert context.settings.handling.noncurrent_days == versions


def test_the_page_says_the_same() -> None:
    text = (REPOSITORY / "docs" / "stacks.md").read_text(encoding="utf-8")
    header, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")[1:]]
        for line in text[text.index("| | official-open") :].split("\n\n")[0].splitlines()
        if not line.startswith("|---")
    ]
    days = {name: tuple(int(re.findall(r"\d+", row[column])[0]) for row in rows) for column, name in enumerate(header)}
    assert days == DAYS
