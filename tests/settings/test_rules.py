"""Illegal combinations are refused with their reason, and their legal neighbours are not."""

from collections.abc import Callable
from typing import Any

import pytest

from govml.settings import Settings
from govml.settings.rules import RULES

BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "region_is_allowed": ({"region": "eu-west-1"}, "region = eu-west-1: eu-west-1 is not in allowed_regions"),
    "production_is_retained": ({"environments__prod__removal": "destroy"}, "would delete production data"),
    "environments_do_not_overlap": ({"environments__prod__cidr": "10.0.2.0/24"}, "overlaps 10.0.0.0/22 of dev"),
    "environments_avoid_reserved_networks": ({"network__reserved_cidrs": ["10.0.0.0/16"]}, "network.reserved_cidrs"),
    "schedule_needs_pipeline": ({"features__training_pipeline": False}, "there is nothing to start"),
    "pipeline_needs_tracking": ({"features__experiment_tracking": False}, "records its runs there"),
    "pipeline_needs_use_cases": ({"use_cases": {}}, "there is no use case to train"),
    "ai_service_needs_models": ({"features__ai_service": True}, "no foundation model is named"),
    "cicd_needs_source": ({"cicd": None}, "no repository is named"),
}
LEGAL: list[dict[str, Any]] = [
    {"region": "eu-west-1", "allowed_regions": ["eu-west-1"]},
    {"environments__dev__removal": "destroy"},
    {"network__reserved_cidrs": ["10.0.8.0/22", "100.64.0.0/10"]},
    {"features__training_pipeline": False, "features__pipeline_schedule": False, "use_cases": {}},
    {"features__pipeline_schedule": False},
    {"maturity": "stage1", "use_cases": {}, "cicd": None},
    {"features__cicd": False, "cicd": None},
    {"maturity": "stage3", "ai": {"models": ["amazon.nova-lite-v1:0"]}},
]


def test_every_rule_has_a_case() -> None:
    assert {rule.check.__name__ for rule in RULES} == set(BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_refuses_with_its_reason(refusal: Callable[[str], str], changed: Callable[..., str], name: str) -> None:
    change, fragment = BROKEN[name]
    text = refusal(changed(**change))
    assert fragment in text
    assert "hint:" in text


@pytest.mark.parametrize("change", LEGAL, ids=str)
def test_the_legal_neighbours_are_accepted(
    load: Callable[[str], Settings], changed: Callable[..., str], change: dict[str, Any]
) -> None:
    load(changed(**change))
