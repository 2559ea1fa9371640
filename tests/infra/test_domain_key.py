"""`DomainKey`: rotation, a long pending window, and no principal outside the account."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import Stand
from cfn_templates import ACCOUNT, REGION
from iam_simulator import Request, decide

STRANGER = "arn:aws:iam::999999999999:role/someone"
OURS = f"arn:aws:iam::{ACCOUNT}:role/someone"
LOGS = f"logs.{REGION}.amazonaws.com"


def ask(stand: Stand, principal: str, context: Mapping[str, str] | None = None, action: str = "kms:Decrypt") -> str:
    policy = stand.one("AWS::KMS::Key").properties["KeyPolicy"]
    return decide([policy], Request(action, stand.one("AWS::KMS::Key").arn, context or {}, principal=principal))


def test_the_key_rotates_every_year(bench: Mapping[str, Stand]) -> None:
    properties = bench["DataKey"].one("AWS::KMS::Key").properties
    assert properties["EnableKeyRotation"] is True
    assert properties.get("RotationPeriodInDays", 365) == 365  # the service's default


def test_a_deletion_waits_for_30_days(bench: Mapping[str, Stand]) -> None:
    key = bench["DataKey"].one("AWS::KMS::Key")
    assert key.properties.get("PendingWindowInDays", 30) == 30  # the service's default
    assert key.kept()


def test_the_alias_names_the_domain(bench: Mapping[str, Stand]) -> None:
    assert bench["DataKey"].one("AWS::KMS::Alias").properties["AliasName"] == "alias/bench-data"


def test_nobody_outside_the_account_may_use_the_key(bench: Mapping[str, Stand]) -> None:
    assert ask(bench["DataKey"], OURS) == "allowed"
    assert ask(bench["DataKey"], STRANGER) == "not allowed"
    assert ask(bench["LogsKey"], STRANGER, {"aws:SourceAccount": ACCOUNT}) == "not allowed"


def test_no_service_may_use_the_key_unless_it_is_named(bench: Mapping[str, Stand]) -> None:
    assert ask(bench["DataKey"], "events.amazonaws.com", {"aws:SourceAccount": ACCOUNT}) == "not allowed"
    assert ask(bench["LogsKey"], "scheduler.amazonaws.com", {"aws:SourceAccount": ACCOUNT}) == "not allowed"


@pytest.mark.parametrize("service", ["events.amazonaws.com", "cloudwatch.amazonaws.com"])
def test_a_named_service_may_use_the_key_for_this_account_only(bench: Mapping[str, Stand], service: str) -> None:
    assert ask(bench["LogsKey"], service, {"aws:SourceAccount": ACCOUNT}) == "allowed"
    assert ask(bench["LogsKey"], service, {"aws:SourceAccount": "999999999999"}) == "not allowed"
    assert ask(bench["LogsKey"], service) == "not allowed"
    assert ask(bench["LogsKey"], service, {"aws:SourceAccount": ACCOUNT}, "kms:ScheduleKeyDeletion") == "not allowed"


def test_cloudwatch_logs_may_use_the_key_for_this_accounts_log_groups_only(bench: Mapping[str, Stand]) -> None:
    context = "kms:EncryptionContext:aws:logs:arn"
    assert ask(bench["LogsKey"], LOGS, {context: f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:a"}) == "allowed"
    assert ask(bench["LogsKey"], LOGS, {context: f"arn:aws:logs:{REGION}:999999999999:log-group:a"}) == "not allowed"
    assert ask(bench["LogsKey"], LOGS, {"aws:SourceAccount": ACCOUNT}) == "not allowed"
