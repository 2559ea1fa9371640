"""Illegal combinations are refused with their reason, and their legal neighbours are not."""

from collections.abc import Callable
from typing import Any

import pytest

from govml.settings import Settings
from govml.settings.rules import RULES

BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "region_is_allowed": ({"region": "eu-west-1"}, "region = eu-west-1: eu-west-1 is not in allowed_regions"),
    "named_resources_are_in_allowed_regions": (
        {"cicd__connection_arn": "arn:aws:codeconnections:us-east-1:012345678901:connection/" + "0" * 36},
        "us-east-1 is not in allowed_regions",
    ),
    "tags_are_not_reserved": ({"tags": {"gcc:team": "x"}}, "is reserved"),
    "log_shipping_is_complete": (
        {"observability__log_shipping": {"filter_name": "x"}},
        "names neither or both of delivery_stream and destination_arn",
    ),
    "log_shipping_role_is_of_the_account": (
        {"observability__log_shipping": {"delivery_stream": "logs", "role": "arn:aws:iam::012345678901:role/logs"}},
        "is a role of account 012345678901, which is not that of prod",
    ),
    "production_is_retained": ({"environments__prod__removal": "destroy"}, "would delete production data"),
    "environments_do_not_overlap": ({"environments__prod__cidr": "10.0.2.0/24"}, "overlaps 10.0.0.0/22 of dev"),
    "environments_avoid_reserved_networks": ({"network__reserved_cidrs": ["10.0.0.0/16"]}, "network.reserved_cidrs"),
    "schedule_needs_pipeline": ({"features__training_pipeline": False}, "there is nothing to start"),
    "pipeline_needs_tracking": ({"features__experiment_tracking": False}, "records its runs there"),
    "pipeline_needs_use_cases": ({"use_cases": {}}, "there is no use case to train"),
    "ai_service_needs_models": ({"features__ai_service": True}, "no foundation model is named"),
    "cicd_needs_source": ({"cicd": None}, "no repository is named"),
}
STREAM = {"delivery_stream": "central-logs"}
DESTINATION = "arn:aws:logs:ap-southeast-1:999999999999:destination:central-logs"
LEGAL: list[dict[str, Any]] = [
    {"cicd__connection_arn": "arn:aws:codeconnections:ap-southeast-1:012345678901:connection/" + "0" * 36},
    {"observability__log_shipping": STREAM},
    {"observability__log_shipping": {**STREAM, "role": "central-logs-writer", "filter_pattern": "{ $.level = * }"}},
    {"observability__log_shipping": {**STREAM, "role": "central/logs/writer"}},
    {
        "environments__prod__account": "012345678901",
        "observability__log_shipping": {**STREAM, "role": "arn:aws:iam::012345678901:role/central/writer"},
    },
    {"observability__log_shipping": {"destination_arn": DESTINATION}},
    {"observability__log_shipping": None},
    {"tags": {"System-Name": "x"}},
    {"features__gcc_baseline": True, "baseline": {"patch_operating_systems": ["WINDOWS"], "patch_approval_days": 0}},
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


def test_one_receiver_of_logs_and_a_role_only_where_it_is_used(
    refusal: Callable[[str], str], changed: Callable[..., str]
) -> None:
    both = refusal(changed(observability__log_shipping={**STREAM, "destination_arn": DESTINATION}))
    assert "names neither or both" in both
    role = refusal(changed(observability__log_shipping={"destination_arn": DESTINATION, "role": "writer"}))
    assert "log_shipping.role = writer: a destination in another account is reached without a role" in role


def test_a_destination_is_in_the_region_of_the_log_groups(
    refusal: Callable[[str], str], changed: Callable[..., str]
) -> None:
    abroad = DESTINATION.replace("ap-southeast-1", "us-east-1")
    text = refusal(changed(observability__log_shipping={"destination_arn": abroad}))
    assert "us-east-1 is not in allowed_regions" in text
    allowed = changed(
        observability__log_shipping={"destination_arn": abroad}, allowed_regions=["ap-southeast-1", "us-east-1"]
    )
    assert "must be in the region of the log groups" in refusal(allowed)
