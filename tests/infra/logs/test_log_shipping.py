"""Central logs over whole environments: two in one account, with a role that the blueprint makes."""

from __future__ import annotations

from cfn_templates import ACCOUNT, REGION, Deployment
from identities import Identity

STREAM = f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/central"


def test_each_log_group_has_exactly_one_subscription(shared_account: Deployment) -> None:
    groups = [each.name for each in shared_account.resources("AWS::Logs::LogGroup")]
    filters = [each.properties for each in shared_account.resources("AWS::Logs::SubscriptionFilter")]
    assert len(groups) > 10
    assert sorted(each["LogGroupName"] for each in filters) == sorted(groups)
    assert {each["DestinationArn"] for each in filters} == {STREAM}


def test_logs_delivers_with_the_role_of_the_environment(shared_account: Deployment) -> None:
    everything = list(shared_account.resources())
    roles = {each.arn: each for each in everything if each.path.endswith("/Security/LogDelivery/Role/Resource")}
    assert {each.path.split("/")[0] for each in roles.values()} == {"sandbox-dev", "sandbox-uat"}
    for each in shared_account.resources("AWS::Logs::SubscriptionFilter"):
        role = roles[each.properties["RoleArn"]]
        assert role.path.split("/")[0] == each.path.split("/")[0]
        assert Identity(role, everything).may("firehose:PutRecordBatch", STREAM)
        assert role.properties["PermissionsBoundary"] == f"arn:aws:iam::{ACCOUNT}:policy/AgencyBoundary"


def test_nothing_is_shipped_and_no_role_is_made_when_the_file_does_not_say_so(sandbox: Deployment) -> None:
    assert "AWS::Logs::SubscriptionFilter" not in sandbox.types()
    assert not [each for each in sandbox.resources() if "/LogDelivery/" in each.path]


def test_studio_writes_to_its_log_group_and_makes_none(shared_account: Deployment) -> None:
    everything = list(shared_account.resources())
    (group,) = [
        each
        for each in everything
        if each.type == "AWS::Logs::LogGroup" and each.properties.get("LogGroupName") == "/aws/sagemaker/studio"
    ]
    (role,) = [each for each in everything if each.path == "sandbox-dev/MlPlatform/StudioRole/Resource"]
    identity = Identity(role, everything)
    assert identity.may("logs:PutLogEvents", group.arn)
    assert not identity.may("logs:CreateLogGroup", group.arn)
