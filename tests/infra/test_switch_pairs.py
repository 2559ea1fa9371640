"""Whatever two switches are set to, an agency file that is accepted is built, and the gate has nothing to say.

Twelve files cover every pair of values that the settings allow (pairwise testing: most faults of configuration come from one
setting or from two that meet).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from govml.errors import UserError
from govml.gate.judge import judge
from govml.settings import FeatureSettings, load_settings

EVERYTHING: dict[str, Any] = YAML(typ="safe", pure=True).load(Path(__file__).parent / "agencies" / "every_switch.yaml")
# Switch -> a column for each file: x on, . off.
FILES = {
    "catalogue": "xxxx.x.xx.x.",
    "lake_formation": ".xx..x..x.x.",
    "ingestion": "x......xx.x.",
    "feature_store": ".xxx...xx.x.",
    "warehouse": "..xx.xx..xxx",
    "vector_store": "x.x.x..xx..x",
    "experiment_tracking": "xx...xxxxx.x",
    "studio": "x.xx..x.x.x.",
    "training_pipeline": "xx...xxxx..x",
    "pipeline_schedule": ".x...xxxx..x",
    "endpoints": "xx.xx.x.xxx.",
    "release": ".x.xx.x.x.x.",
    "monitoring": ".x..xx..x..x",
    "alarms": ".xx.x.xxx.x.",
    "dashboards": ".x.xx..xxxx.",
    "synthetic_canary": ".x..x.x.x.x.",
    "managed_grafana": ".xx.x.xxx..x",
    "managed_prometheus": "x..xx.x...x.",
    "tracing": "x..xx...xxx.",
    "personas": "x.x.xx..x...",
    "ai_service": "x.x.x.xx..xx",
    "cicd": "x.x..x..xxxx",
    "gcc_baseline": "..xxxx.x....",
}
COUNT = 12
DAY = date(2026, 11, 27)  # acknowledgements are judged as on the day they were written
# A needs B: these two cannot be on and off.
NEEDS = {
    "feature_store": ("catalogue",),
    "ingestion": ("catalogue",),
    "lake_formation": ("catalogue",),
    "managed_prometheus": ("endpoints",),
    "pipeline_schedule": ("experiment_tracking", "training_pipeline"),
    "release": ("endpoints",),
    "synthetic_canary": ("alarms", "endpoints", "release"),
    "tracing": ("endpoints",),
    "training_pipeline": ("experiment_tracking",),
}


def switched(number: int) -> dict[str, bool]:
    return {name: column[number] == "x" for name, column in FILES.items()}


def written(folder: Path, features: dict[str, bool]) -> Path:
    path = folder / "agency.yaml"
    path.write_text(json.dumps({**EVERYTHING, "features": features}))
    return path


def forbidden() -> Iterator[tuple[str, str]]:
    for one, others in NEEDS.items():
        yield from ((one, other) for other in others)


def test_every_pair_of_values_is_in_a_file_or_cannot_be() -> None:
    assert list(FILES) == list(FeatureSettings.model_fields)
    missing = [
        {(one, first), (other, second)}
        for one, other in combinations(FILES, 2)
        for first, second in product((True, False), repeat=2)
        if not any(switched(each)[one] is first and switched(each)[other] is second for each in range(COUNT))
    ]
    assert sorted(map(sorted, missing)) == sorted(sorted({(one, True), (other, False)}) for one, other in forbidden())


@pytest.mark.parametrize(("one", "other"), list(forbidden()))
def test_what_cannot_be_is_refused_when_the_file_is_read(tmp_path: Path, one: str, other: str) -> None:
    everything = dict.fromkeys(FILES, True)
    load_settings(written(tmp_path, everything))
    with pytest.raises(UserError, match=f"is on, but .*{other} is off"):
        load_settings(written(tmp_path, {**everything, other: False}))


@pytest.mark.parametrize("number", range(COUNT))
def test_it_is_built_and_the_gate_passes(built: Callable[[Path], Path], tmp_path: Path, number: int) -> None:
    folder = built(written(tmp_path, switched(number)))
    assert judge(folder, DAY).refusals == ()
    for template in folder.rglob("*.template.json"):
        text = template.read_text()
        assert len(text) < 1_000_000, template.name  # CloudFormation's quotas
        assert len(json.loads(text)["Resources"]) <= 500, template.name
