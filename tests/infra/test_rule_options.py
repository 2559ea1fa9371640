"""What the own rules hear of log shipping: that it is wanted, and which account receives the logs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from govml.rules.engine import check_sides
from govml.rules.options import Options
from govml.rules.template import parse_template
from govml.settings import load_settings
from stacks.synth.own_rules import rule_options

CONFIG = Path(__file__).resolve().parents[2] / "config"
DESTINATION = "arn:aws:logs:ap-southeast-1:456745674567:destination:central"


def options(shipping: dict[str, Any] | None, folder: Path) -> Options:
    agency = YAML(typ="safe", pure=True).load(CONFIG / "sandbox.yaml")
    agency["observability"] = {"log_shipping": shipping}
    (folder / "agency.yaml").write_text(json.dumps(agency))
    return rule_options(load_settings(folder / "agency.yaml"))


@pytest.mark.parametrize(
    ("shipping", "asked"),
    [
        (None, False),
        ({"delivery_stream": "central"}, True),
        ({"delivery_stream": "central", "filter_pattern": "ERROR"}, False),
    ],
)
def test_the_rules_ask_for_subscriptions_of_all_events_only_when_the_file_does(
    tmp_path: Path, shipping: dict[str, Any] | None, asked: bool
) -> None:
    found = options(shipping, tmp_path)
    assert (found.log_subscription, found.log_accounts) == (asked, ())


def test_the_account_that_receives_logs_may_be_named_and_is_not_trusted(tmp_path: Path) -> None:
    known = options({"destination_arn": DESTINATION}, tmp_path)
    assert known.log_accounts == ("456745674567",)
    trusting = {"AWS": "arn:aws:iam::456745674567:root"}
    statement = {"Effect": "Allow", "Principal": trusting, "Action": "sts:AssumeRole"}
    template = {
        "Filter": {"Type": "AWS::Logs::SubscriptionFilter", "Properties": {"DestinationArn": DESTINATION}},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}},
        },
    }
    parsed = parse_template(json.dumps({"Resources": template}).encode(), "t.json")
    for given, named in ((known, False), (Options(), True)):
        found = {(each.rule, each.logical_id) for each in check_sides(parsed, given)}
        assert (("GovML-HardCodedPlace", "Filter") in found) is named
        assert ("GovML-TrustOutsideOrganisation", "Role") in found


@pytest.mark.parametrize(
    ("second_key", "deletable"), [("", ()), ("sandbox-dev", ("sandbox-dev",)), ("sandbox-prod", ())]
)
def test_data_may_be_deleted_only_where_both_keys_say_so(second_key: str, deletable: tuple[str, ...]) -> None:
    assert rule_options(load_settings(CONFIG / "sandbox.yaml"), second_key=second_key).deletable == deletable
