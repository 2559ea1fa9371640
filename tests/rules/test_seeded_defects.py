"""Defects that others would seed, one setting wrong in a clean template: each is found, and the clean one is clean."""

from __future__ import annotations

import copy
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from govml.rules.engine import check_sides
from govml.rules.options import Options
from govml.rules.template import sides

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "seeds"))
for _theme in ("identity_and_models", "platform_services"):
    importlib.import_module(_theme)
DEFECTS = importlib.import_module("seeding").DEFECTS
CLEAN = json.loads((HERE / "clean" / "platform.json").read_text())
# The packs find the first; the others are safeguards that an agency may choose (docs/rules.md).
LEFT_ALONE = {"fn vpc", "fn kms", "sns tls"}


def _found(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(each.rule, each.logical_id) for each in check_sides(sides(document, "platform"), Options())}


@pytest.mark.parametrize("name", sorted(set(DEFECTS) - LEFT_ALONE))
def test_a_seeded_defect_is_found(name: str) -> None:
    broken = copy.deepcopy(CLEAN)
    DEFECTS[name](broken)
    assert broken != CLEAN
    assert _found(broken)


def test_nothing_is_found_in_the_clean_template() -> None:
    assert _found(CLEAN) == set()


@pytest.mark.parametrize("name", sorted(LEFT_ALONE))
def test_what_is_left_alone_is_still_left_alone(name: str) -> None:
    broken = copy.deepcopy(CLEAN)
    DEFECTS[name](broken)
    assert _found(broken) == set(), "found now: move it to the others"
