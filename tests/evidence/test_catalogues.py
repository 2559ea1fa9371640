"""The data that the evidence rests on agrees with the packages it was taken from, and with itself."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from govml.evidence.controls import oscal_id, public_sector_controls
from govml.evidence.nag_catalogue import NAG_PACKS
from govml.evidence.nag_source import TABLE, as_text, derive
from govml.rules.registry import load_rules
from govml_constructs.validation.nag_rules import RULES


def test_the_table_is_what_the_installed_packages_say() -> None:
    assert TABLE.read_text() == as_text(derive()), "run python -m govml.evidence.nag_source and look at the difference"


def test_the_rules_are_those_that_can_be_acknowledged() -> None:
    for pack in NAG_PACKS:
        assert {rule.id for rule in pack.rules()} == RULES[pack.name]


def test_every_check_has_exactly_one_theme() -> None:
    themes = json.loads((TABLE.parent / "themes.json").read_text())
    named = Counter(check for theme in themes.values() for check in theme["checks"])
    assert set(named) == {each["function"] for each in json.loads(TABLE.read_text())["rules"]}
    assert set(named.values()) == {1}


def test_every_rule_serves_a_nist_control_and_known_public_sector_controls() -> None:
    known = {control.id for control in public_sector_controls()}
    for rule in [each for pack in NAG_PACKS for each in pack.rules()]:
        assert rule.controls, rule.id
        assert all(oscal_id(control) for control in rule.controls), rule.id
        assert set(rule.public_sector) <= known, rule.id
    for own in load_rules().values():
        assert all(oscal_id(control) for control in own.controls), own.id
        assert set(own.public_sector_controls) <= known, own.id


def test_the_public_sector_catalogue_is_whole() -> None:
    controls = public_sector_controls()
    assert len(controls) == len({control.id for control in controls}) == 117
    # As the catalogue itself counts: mandatory (level 0) for low-risk and for medium-risk systems.
    assert sum(control.low_risk == 0 for control in controls) == 7
    assert sum(control.medium_risk == 0 for control in controls) == 26


def test_every_construct_that_answers_a_control_exists() -> None:
    repository = Path(__file__).resolve().parents[2]
    sources = [*(repository / "constructs").rglob("*.py"), *(repository / "stacks").rglob("*.py")]
    classes = {name for path in sources for name in re.findall(r"^class (\w+)", path.read_text(), re.MULTILINE)}
    foreign = {"CodeArtifact", "SageMaker"}
    for control in public_sector_controls():
        named = set(re.findall(r"\b[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+\b", control.part)) - foreign
        assert {name for name in named if name not in classes and f"{name}Stack" not in classes} == set(), control.id


@pytest.mark.parametrize(
    ("written", "in_oscal"),
    [
        ("AC-6", "ac-6"),
        ("AC-2(4)", "ac-2.4"),
        ("CM-2b", "cm-2"),
        ("SC-7(24)(b)", "sc-7.24"),
        ("AC-17(4)(a)", "ac-17.4"),
        ("nonsense", ""),
    ],
)
def test_controls_are_spelt_as_in_oscal(written: str, in_oscal: str) -> None:
    assert oscal_id(written) == in_oscal
