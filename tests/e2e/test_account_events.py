"""The events of AWS services on the local account's bus: who approved, which stack changed, which alarm rang."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from event_tap import tapped

from govml.local import Connection

GROUP = "events-test"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}


def as_role(account: Connection, role: str, session: str, service: str) -> Any:
    """A client that calls as a session of a role."""
    arn = f"arn:aws:iam::{account.account}:role/{role}"
    given = account.client("sts").assume_role(RoleArn=arn, RoleSessionName=session)["Credentials"]
    return boto3.client(
        service,
        region_name=account.region,
        endpoint_url=account.endpoint_url,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


@pytest.fixture(scope="module")
def package(bare_account: Connection) -> Iterator[str]:
    sagemaker = bare_account.client("sagemaker")
    bare_account.client("iam").create_role(RoleName="release-lead", AssumeRolePolicyDocument=json.dumps(TRUST))
    sagemaker.create_model_package_group(ModelPackageGroupName=GROUP)
    made = sagemaker.create_model_package(
        ModelPackageGroupName=GROUP,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification={
            "Containers": [{"Image": "registry/image:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        CustomerMetadataProperties={"Digest": "d1"},
    )
    yield made["ModelPackageArn"]
    sagemaker.delete_model_package(ModelPackageName=made["ModelPackageArn"])
    sagemaker.delete_model_package_group(ModelPackageGroupName=GROUP)


def test_an_approval_is_told_with_the_person_behind_it(bare_account: Connection, package: str) -> None:
    with tapped(bare_account, "aws.sagemaker") as tap:
        as_role(bare_account, "release-lead", "tan.m", "sagemaker").update_model_package(
            ModelPackageArn=package, ModelApprovalStatus="Approved", CustomerMetadataProperties={"Ticket": "T-1"}
        )
        events = tap.drain("SageMaker Model Package State Change")
    assert [event["resources"] for event in events] == [[package]]
    assert events[0]["detail"]["ModelApprovalStatus"] == "Approved"
    assert events[0]["detail"]["CustomerMetadataProperties"] == {"Digest": "d1", "Ticket": "T-1"}

    described = bare_account.client("sagemaker").describe_model_package(ModelPackageName=package)
    person = f"arn:aws:sts::{bare_account.account}:assumed-role/release-lead/tan.m"
    assert described["LastModifiedBy"]["IamIdentity"]["Arn"] == person
    assert described["CreatedBy"]["IamIdentity"]["Arn"] == f"arn:aws:iam::{bare_account.account}:root"


def test_the_trail_tells_who_called_and_what_was_refused(bare_account: Connection, package: str) -> None:
    with tapped(bare_account, "aws.sagemaker") as tap:
        person = as_role(bare_account, "release-lead", "lim.k", "sagemaker")
        person.add_tags(ResourceArn=package, Tags=[{"Key": "signed-off", "Value": "yes"}])
        with pytest.raises(person.exceptions.ClientError, match="not found"):
            person.update_model_package(ModelPackageArn=f"{package}9", ModelApprovalStatus="Approved")
        person.describe_model_package(ModelPackageName=package)
        calls = [event["detail"] for event in tap.drain("AWS API Call via CloudTrail")]
    assert [call["eventName"] for call in calls] == ["AddTags", "UpdateModelPackage"]
    who = calls[0]["userIdentity"]
    assert (who["type"], who["arn"].rpartition("/")[2]) == ("AssumedRole", "lim.k")
    assert who["sessionContext"]["sessionIssuer"]["userName"] == "release-lead"
    assert calls[0]["requestParameters"]["tags"] == [{"key": "signed-off", "value": "yes"}]
    assert [call.get("errorCode") for call in calls] == [None, "ValidationException"]
    tags = bare_account.client("sagemaker").list_tags(ResourceArn=package)["Tags"]
    assert tags == [{"Key": "signed-off", "Value": "yes"}]


def test_a_release_that_only_changes_parameters_makes_and_takes_away_what_is_conditional(
    bare_account: Connection,
) -> None:
    text = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Ref": "Live"}}}
    template = {
        "Parameters": {"Live": {"Type": "String", "Default": ""}, "Other": {"Type": "String", "Default": "kept"}},
        "Conditions": {"HasLive": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Live"}, ""]}]}},
        "Resources": {
            "Always": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Ref": "Other"}}},
            "Endpoint": {**text, "Condition": "HasLive"},
        },
        "Outputs": {"Live": {"Value": {"Ref": "Live"}}},
    }
    cloudformation = bare_account.client("cloudformation")
    quick = {"Delay": 1}
    with tapped(bare_account, "aws.cloudformation") as tap:
        cloudformation.create_stack(StackName="events-test", TemplateBody=json.dumps(template))
        cloudformation.get_waiter("stack_create_complete").wait(StackName="events-test", WaiterConfig=quick)
        found = []
        for live in ("v1", ""):
            cloudformation.update_stack(
                StackName="events-test",
                UsePreviousTemplate=True,
                Parameters=[
                    {"ParameterKey": "Live", "ParameterValue": live},
                    {"ParameterKey": "Other", "UsePreviousValue": True},
                ],
                ClientRequestToken=f"release-{live}",
            )
            cloudformation.get_waiter("stack_update_complete").wait(StackName="events-test", WaiterConfig=quick)
            listed = cloudformation.describe_stack_resources(StackName="events-test")["StackResources"]
            found.append([resource["LogicalResourceId"] for resource in listed])
        changes = [event["detail"] for event in tap.drain("CloudFormation Stack Status Change")]
    cloudformation.delete_stack(StackName="events-test")
    assert found == [["Always", "Endpoint"], ["Always"]]
    update = [(change["status-details"]["status"], change["client-request-token"]) for change in changes][2:4]
    assert update == [("UPDATE_IN_PROGRESS", "release-v1"), ("UPDATE_COMPLETE", "release-v1")]


def test_an_alarm_that_rings_is_told(bare_account: Connection) -> None:
    cloudwatch = bare_account.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="events-test",
        Namespace="Test",
        MetricName="Errors",
        Statistic="Average",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0.5,
        ComparisonOperator="GreaterThanThreshold",
    )
    with tapped(bare_account, "aws.cloudwatch") as tap:
        cloudwatch.put_metric_data(Namespace="Test", MetricData=[{"MetricName": "Errors", "Value": 1.0}])
        changes = tap.drain("CloudWatch Alarm State Change")
    cloudwatch.delete_alarms(AlarmNames=["events-test"])
    assert [(change["detail"]["alarmName"], change["detail"]["state"]["value"]) for change in changes] == [
        ("events-test", "ALARM")
    ]
