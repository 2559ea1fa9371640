"""`EndpointCanary`: in the VPC, asks these endpoints, reads these rows, and its silence is heard."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from bench import Stand
from bench.names import IMPORTED_VPC, SLUG
from cfn_templates import ACCOUNT, REGION
from identities import Identity
from profiles import Profile

ENDPOINT = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/bench-dev-{SLUG}"
ROWS = f"arn:aws:s3:::bench-artifacts/{SLUG}/released/live.json"
IN_VPC = {"ec2:Vpc": f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/{IMPORTED_VPC}"}


@pytest.fixture
def canary(bench: Mapping[str, Stand]) -> Stand:
    return bench["Canary"]


@pytest.fixture
def role(canary: Stand) -> Identity:
    return Identity(canary.one("AWS::IAM::Role"), canary.template.all())


def test_it_stands_in_the_vpc_and_runs_once_at_a_time(canary: Stand) -> None:
    function = canary.one("AWS::Lambda::Function").properties
    assert function["VpcConfig"]["SecurityGroupIds"] == ["sg-0123456789abcdef0"]
    assert function["ReservedConcurrentExecutions"] == 1
    assert function["KmsKeyArn"]


def test_it_asks_these_endpoints_and_reads_these_rows(role: Identity) -> None:
    assert role.may("sagemaker:InvokeEndpoint", ENDPOINT)
    assert not role.may("sagemaker:InvokeEndpoint", ENDPOINT.replace("-dev-", "-prod-"))
    assert not role.may("sagemaker:UpdateEndpoint", ENDPOINT)
    assert role.may("s3:GetObject", ROWS)
    assert not role.may("s3:GetObject", ROWS.replace("live.json", "model.tar.gz"))
    assert not role.may("s3:PutObject", ROWS)


def test_interfaces_are_made_by_lambda_in_this_vpc_only(role: Identity) -> None:
    assert role.may("ec2:CreateNetworkInterface", "*", IN_VPC)
    assert not role.may("ec2:CreateNetworkInterface", "*", {"ec2:Vpc": IN_VPC["ec2:Vpc"].replace("vpc-0", "vpc-1")})
    own_code = {**IN_VPC, "lambda:SourceFunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:any"}
    assert not role.may("ec2:CreateNetworkInterface", "*", own_code)


def test_the_clock_alone_calls_it(canary: Stand) -> None:
    rule = canary.one("AWS::Events::Rule")
    assert rule.properties["ScheduleExpression"] == "rate(5 minutes)"
    permission = canary.one("AWS::Lambda::Permission").properties
    assert (permission["Principal"], permission["SourceArn"]) == ("events.amazonaws.com", rule.arn)


def test_silence_rings_and_only_real_time_endpoints_are_asked(profile: Profile) -> None:
    for name, templates in profile.environments():
        alarms = [
            each.properties
            for template in templates
            for each in template.all("AWS::CloudWatch::Alarm")
            if each.properties.get("Namespace") == "GovML/Canary"
        ]
        asked = [
            target["endpoint"]
            for template in templates
            for each in template.all("AWS::Lambda::Function", under="")
            if "/Canary/" in each.path
            for target in json.loads(each.properties["Environment"]["Variables"]["TARGETS"])
        ]
        wanted = [
            f"{profile.settings.agency}-{name}-{use_case.replace('_', '-')}"
            for use_case, served in profile.settings.served.items()
            if served.kind != "asynchronous"
        ]
        assert asked == (wanted if profile.settings.switches.synthetic_canary else [])
        assert [each["Dimensions"][0]["Value"] for each in alarms] == asked
        assert {each["TreatMissingData"] for each in alarms} <= {"breaching"}
