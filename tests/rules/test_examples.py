"""Every rule has an example; it passes where it should, and speaks where one setting is wrong."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from govml.rules.registry import load_rules

FOLDER = Path(__file__).parent / "examples"
sys.path.insert(0, str(FOLDER))


def _examples() -> dict:
    found: dict = {}
    for path in sorted(FOLDER.glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"rule_examples_{path.stem}", path)
        assert spec is not None and spec.loader is not None
        module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for rule, example in getattr(module, "EXAMPLES", {}).items():
            assert rule not in found, f"{rule} has two examples"
            found[rule] = example
    return found


EXAMPLES = _examples()


def test_every_rule_has_an_example():
    assert set(EXAMPLES) == set(load_rules())


@pytest.mark.parametrize("rule", sorted(EXAMPLES))
def test_the_good_template_has_no_finding_at_all(rule, check):
    assert check(EXAMPLES[rule].passing, EXAMPLES[rule].options) == []


@pytest.mark.parametrize(
    ("rule", "number"), [(rule, number) for rule in sorted(EXAMPLES) for number in range(len(EXAMPLES[rule].failing))]
)
def test_a_wrong_setting_is_found(rule, number, check):
    example = EXAMPLES[rule]
    assert rule in {found for found, _ in check(example.failing[number], example.options)}


@pytest.mark.parametrize("rule", sorted(EXAMPLES))
def test_every_rule_fails_somewhere(rule):
    assert EXAMPLES[rule].failing
