"""`require_shipped_logs`: no log group goes without, whichever construct made it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, Stack, Stage
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.monitoring.log_delivery import LogSubscription
from govml_constructs.validation.shipped_logs import require_shipped_logs, unshipped_log_groups

CENTRAL = LogSubscription("arn:aws:logs:ap-southeast-1:123456789012:destination:central", None, "central")


@pytest.fixture
def stack(new_app: Callable[..., App], tmp_path: Path) -> Stack:
    return Stack(Stage(new_app(tmp_path), "Stage"), "Stack")


def test_our_own_construct_ships(stack: Stack) -> None:
    key = kms.Key(stack, "Key")
    EncryptedLogGroup(stack, "Log", key=key, retention_days=400, subscription=CENTRAL)
    EncryptedLogGroup(stack, "Named", key=key, retention_days=400, name="/aws/x", subscription=CENTRAL)
    assert unshipped_log_groups(stack) == []


def test_a_log_group_of_any_origin_without_a_filter_is_found(stack: Stack) -> None:
    EncryptedLogGroup(stack, "Ours", key=kms.Key(stack, "Key"), retention_days=400)
    logs.LogGroup(stack, "Cdk")
    logs.CfnLogGroup(stack, "Plain", log_group_name="/aws/x")
    assert unshipped_log_groups(stack) == [
        "Stage/Stack/Ours/Resource",
        "Stage/Stack/Cdk/Resource",
        "Stage/Stack/Plain",
    ]


def test_a_filter_in_another_stack_or_by_name_counts(stack: Stack) -> None:
    other = Stack(stack.node.scope, "Other")  # type: ignore[arg-type]  # the stage
    group = logs.CfnLogGroup(stack, "Unnamed")
    logs.CfnLogGroup(stack, "Plain", log_group_name="/aws/x")
    for number, name in enumerate((group.ref, "/aws/x")):
        logs.CfnSubscriptionFilter(
            other, f"Filter{number}", log_group_name=name, destination_arn=CENTRAL.destination_arn, filter_pattern=""
        )
    assert unshipped_log_groups(stack.node.scope) == []  # type: ignore[arg-type]  # the stage


def test_the_synth_stops_and_names_the_log_group(new_app: Callable[..., App], tmp_path: Path) -> None:
    app = new_app(tmp_path)
    stage = Stage(app, "Stage")
    require_shipped_logs(stage)
    logs.CfnLogGroup(Stack(stage, "Stack"), "Forgotten")  # made after the check was asked for
    with pytest.raises(RuntimeError, match=r"Stage/Stack/Forgotten: .*no subscription filter"):
        app.synth()
