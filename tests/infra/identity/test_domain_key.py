"""`DomainKey`: rotation, a long pending window, and nobody but those who are named, by role or by pattern."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from aws_cdk import CfnResource
from bench import ADMINISTRATOR, DEPLOYER, OUR_ROLE, BenchStack, Stand, key_users
from cfn_templates import ACCOUNT, REGION
from iam_simulator import Request, decide

from govml_constructs.encryption.domain_key import DomainKey

STRANGER = "arn:aws:iam::999999999999:role/someone"
OURS = f"arn:aws:iam::{ACCOUNT}:role/someone"
LOGS = f"logs.{REGION}.amazonaws.com"


EVENTS = {"Service": "events.amazonaws.com"}


def ask(stand: Stand, principal: str, context: Mapping[str, str] | None = None, action: str = "kms:Decrypt") -> str:
    policy = stand.one("AWS::KMS::Key").properties["KeyPolicy"]
    told = {**({"aws:PrincipalArn": principal} if principal.startswith("arn:") else {}), **(context or {})}
    return decide([policy], Request(action, stand.one("AWS::KMS::Key").arn, told, principal=principal))


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
    for stand in (bench["DataKey"], bench["LogsKey"]):
        for action in ("kms:Decrypt", "kms:PutKeyPolicy", "kms:DescribeKey"):
            assert ask(stand, STRANGER, {"aws:SourceAccount": ACCOUNT}, action) != "allowed"


def test_the_environment_s_own_roles_use_the_key_and_no_other_role_of_the_account_does(
    bench: Mapping[str, Stand],
) -> None:
    assert ask(bench["DataKey"], OUR_ROLE) == "allowed"
    for other in ("someone", "govml/bench-uat-Data-Role", "bench-dev-Role-on-another-path"):
        assert ask(bench["DataKey"], f"arn:aws:iam::{ACCOUNT}:role/{other}") == "not allowed"


def test_a_grant_is_given_to_aws_services_only(bench: Mapping[str, Stand]) -> None:
    for_aws = {"kms:GrantIsForAWSResource": "true"}
    for role in (OUR_ROLE, DEPLOYER):
        assert ask(bench["DataKey"], role, for_aws, "kms:CreateGrant") == "allowed"
        assert ask(bench["DataKey"], role, {}, "kms:CreateGrant") == "not allowed"
    assert ask(bench["DataKey"], OURS, for_aws, "kms:CreateGrant") == "not allowed"


def test_the_deployment_uses_the_key_through_services_only(bench: Mapping[str, Stand]) -> None:
    assert ask(bench["DataKey"], DEPLOYER, {"kms:ViaService": f"bedrock.{REGION}.amazonaws.com"}) == "allowed"
    assert ask(bench["DataKey"], DEPLOYER, {"kms:ViaService": "bedrock.us-east-1.amazonaws.com"}) == "not allowed"
    assert ask(bench["DataKey"], DEPLOYER) == "not allowed"


def test_named_people_use_the_key_through_s3_only(bench: Mapping[str, Stand]) -> None:
    roles = {each.path.split("/")[2]: each.arn for each in bench["Personas"].all("AWS::IAM::Role")}
    s3 = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
    for name, action, allowed in (
        ("DataScientist", "kms:Decrypt", True),
        ("DataScientist", "kms:GenerateDataKey", False),
        ("DataEngineer", "kms:GenerateDataKey", True),
        ("Auditor", "kms:Decrypt", False),
    ):
        assert (ask(bench["DataKey"], roles[name], s3, action) == "allowed") is allowed
        assert ask(bench["DataKey"], roles[name], {}, action) == "not allowed"


def test_whoever_iam_lets_use_the_key_does_so_through_the_given_services_only(bench: Mapping[str, Stand]) -> None:
    bedrock, s3 = ({"kms:ViaService": f"{name}.{REGION}.amazonaws.com"} for name in ("bedrock", "s3"))
    assert ask(bench["LogsKey"], OURS, bedrock) == "allowed"
    assert ask(bench["LogsKey"], OURS, s3) == "not allowed"
    assert ask(bench["LogsKey"], STRANGER, bedrock) == "not allowed"
    assert ask(bench["DataKey"], OURS, bedrock) == "not allowed"


def test_who_administers_the_key_may_not_use_it(bench: Mapping[str, Stand]) -> None:
    assert ask(bench["LogsKey"], ADMINISTRATOR, {}, "kms:PutKeyPolicy") == "allowed"
    for action in ("kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"):
        assert ask(bench["LogsKey"], ADMINISTRATOR, {}, action) == "not allowed"


def test_named_administrators_alone_change_the_key(bench: Mapping[str, Stand]) -> None:
    root = f"arn:aws:iam::{ACCOUNT}:root"
    for action in ("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey"):
        for caller in (ADMINISTRATOR, DEPLOYER, root):
            assert ask(bench["LogsKey"], caller, {}, action) == "allowed"
        assert ask(bench["LogsKey"], OURS, {}, action) == "denied"
        assert ask(bench["DataKey"], OURS, {}, action) == "allowed"  # none is named there: IAM decides


def test_the_account_can_always_mend_the_policy(bench: Mapping[str, Stand]) -> None:
    # KMS refuses a policy that its creator could not change again, and it does not read conditions kindly
    for stand in (bench["DataKey"], bench["LogsKey"]):
        statements = stand.one("AWS::KMS::Key").properties["KeyPolicy"]["Statement"]
        open_ended = [
            each
            for each in statements
            if each["Effect"] == "Allow" and "Condition" not in each and each["Principal"] != EVENTS
        ]
        assert [each["Principal"] for each in open_ended] == [{"AWS": f"arn:aws:iam::{ACCOUNT}:root"}]
        assert "kms:PutKeyPolicy" in open_ended[0]["Action"]


def test_an_imported_key_is_used_and_nothing_is_made(scratch: BenchStack) -> None:
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    made = DomainKey(scratch, "Key", alias="a", description="d", users=key_users(), imported=arn)
    assert made.key.key_arn == arn
    assert not [each for each in made.node.find_all() if isinstance(each, CfnResource)]


def test_no_service_may_use_the_key_unless_it_is_named(bench: Mapping[str, Stand]) -> None:
    assert ask(bench["DataKey"], "events.amazonaws.com", {"aws:SourceAccount": ACCOUNT}) == "not allowed"
    assert ask(bench["LogsKey"], "scheduler.amazonaws.com", {"aws:SourceAccount": ACCOUNT}) == "not allowed"


def test_a_named_service_may_use_the_key_for_this_account_only(bench: Mapping[str, Stand]) -> None:
    service = "cloudwatch.amazonaws.com"
    assert ask(bench["LogsKey"], service, {"aws:SourceAccount": ACCOUNT}) == "allowed"
    assert ask(bench["LogsKey"], service, {"aws:SourceAccount": "999999999999"}) == "not allowed"
    assert ask(bench["LogsKey"], service) == "not allowed"
    assert ask(bench["LogsKey"], service, {"aws:SourceAccount": ACCOUNT}, "kms:ScheduleKeyDeletion") == "denied"


def test_eventbridge_which_sends_no_source_may_publish_with_the_key_and_nothing_else(
    bench: Mapping[str, Stand],
) -> None:
    service = EVENTS["Service"]
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        assert ask(bench["LogsKey"], service, {}, action) == "allowed"
    for action in ("kms:Encrypt", "kms:ReEncryptFrom", "kms:CreateGrant"):
        assert ask(bench["LogsKey"], service, {}, action) == "not allowed"


@pytest.mark.parametrize("service", [f"{name}.amazonaws.com" for name in ("budgets", "costalerts", "sns")])
def test_publishers_may_encrypt_what_they_publish_for_this_account_only(
    bench: Mapping[str, Stand], service: str
) -> None:
    ours, theirs = {"aws:SourceAccount": ACCOUNT}, {"aws:SourceAccount": "999999999999"}
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        assert ask(bench["LogsKey"], service, ours, action) == "allowed"
        assert ask(bench["LogsKey"], service, theirs, action) == "not allowed"
    assert ask(bench["LogsKey"], service, ours, "kms:Encrypt") == "not allowed"


def test_cloudwatch_logs_may_use_the_key_for_this_accounts_log_groups_only(bench: Mapping[str, Stand]) -> None:
    context = "kms:EncryptionContext:aws:logs:arn"
    assert ask(bench["LogsKey"], LOGS, {context: f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:a"}) == "allowed"
    assert ask(bench["LogsKey"], LOGS, {context: f"arn:aws:logs:{REGION}:999999999999:log-group:a"}) == "not allowed"
    assert ask(bench["LogsKey"], LOGS, {"aws:SourceAccount": ACCOUNT}) == "not allowed"
