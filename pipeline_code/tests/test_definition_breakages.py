"""The validator is measured: seeded breakages of every class are caught, and no input makes it fail itself."""

from __future__ import annotations

import copy
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from breakages import breakages
from breakages.mutant import at, places
from hypothesis import given, settings
from hypothesis import strategies as st

from govml_pipeline.authoring.validator import validate

ROOT = Path(__file__).parents[1]
PATHS = sorted([*ROOT.glob("usecases/*/definition.json"), *ROOT.glob("pipelines/*/definition.json")])
DEFINITIONS = {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in PATHS}
SEED, PER_CLASS, CAUGHT = 20281128, 4, 0.98

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_nothing_is_found_in_what_is_committed(name: str) -> None:
    assert validate(DEFINITIONS[name]) == []


@pytest.mark.parametrize("name", DEFINITIONS)
def test_seeded_breakages_are_caught(name: str) -> None:
    broken = breakages(DEFINITIONS[name], seed=SEED, per_class=PER_CLASS)
    missed = [each for each in broken if not validate(each.definition())]
    made, left = Counter(each.kind for each in broken), Counter(each.kind for each in missed)
    share = 1 - len(missed) / len(broken)
    report = [f"{kind}: {left[kind]} of {made[kind]} missed" for kind in left]
    assert len(broken) >= 120
    assert share >= CAUGHT, "\n".join([f"{share:.1%} caught", *report, *(each.where for each in missed)])
    assert not [kind for kind in left if left[kind] * 2 > made[kind]], "\n".join(report)


def test_the_breakages_are_of_many_classes_and_the_same_for_a_seed() -> None:
    first, again, other = (
        [(each.kind, each.where) for each in breakages(DEFINITIONS["hdb_resale"], seed=seed, per_class=1)]
        for seed in (1, 1, 2)
    )
    assert first == again != other
    assert len({kind for kind, _ in first}) >= 60


@given(data=st.data(), value=JSON)
@settings(max_examples=150, deadline=None)
def test_anything_anywhere_gives_findings_never_a_traceback(data: st.DataObject, value: Any) -> None:
    definition = copy.deepcopy(DEFINITIONS["hdb_resale"])
    place = data.draw(st.sampled_from([place for place, _ in places(definition)]))
    if place:
        at(definition, place[:-1])[place[-1]] = value
    else:
        definition = value
    assert all(isinstance(finding, str) for finding in validate(definition))
