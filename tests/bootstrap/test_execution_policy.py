"""The execution policy, asked by the IAM simulator: CloudFormation may do what the templates need, and nothing else.

No emulator enforces the execution role, so each request is put to the policy itself: every handler of every resource,
with the name that CloudFormation would give it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from assemblies import REPOSITORY, assemble
from iam_actions import matching, without_effect
from iam_simulator import Request, decide

from govml.bootstrap.assembly import StackArtifact, read_stacks
from govml.bootstrap.kit import Kit, environments_of, kit
from govml.bootstrap.permissions import needs
from govml.settings import Settings, load_settings

ACCOUNT, REGION = "123456789012", "ap-southeast-1"
HERE = {"aws:RequestedRegion": REGION}
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/AgencyBoundary"
OWN_ROLE = f"arn:aws:iam::{ACCOUNT}:role/sandbox-dev-Security-Role-AB12"
BOUNDED_ROLE = f"arn:aws:iam::{ACCOUNT}:role/agency/sandbox-dev-Security-Role-AB12"
FOREIGN_ROLE = f"arn:aws:iam::{ACCOUNT}:role/landing-zone-admin"
OWN_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/sandbox-dev-Security-Policy-AB12"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1111"


@pytest.fixture(scope="module")
def sandbox(sandbox_settings: Settings, sandbox_stacks: list[StackArtifact]) -> Kit:
    return kit(sandbox_settings, sandbox_stacks, ["dev"])


@pytest.fixture(scope="module")
def bounded(bounded_settings: Settings, bounded_stacks: list[StackArtifact]) -> Kit:
    return kit(bounded_settings, bounded_stacks, ["dev", "uat"])


def asks(kit: Kit, action: str, resource: str, **context: Any) -> str:
    values = {key.replace("__", ":"): value for key, value in context.items()}
    return decide([policy.document for policy in kit.policies], Request(action, resource, {**HERE, **values}))


def _arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def _name(stack: StackArtifact, logical_id: str, body: Mapping[str, Any], key: str) -> str:
    """The stated name, or the one that CloudFormation would make."""
    stated = body.get("Properties", {}).get(key)
    return stated if isinstance(stated, str) else f"{stack.name}-{logical_id}-1A2B3C"


# Type -> ARN of one resource, written down apart from the product's own table.
SHAPES = {
    "AWS::Athena::WorkGroup": ("Name", _arn("athena", "workgroup/{}")),
    "AWS::Budgets::Budget": ("", f"arn:aws:budgets::{ACCOUNT}:budget/sandbox-dev-cost-at-80-100"),
    "AWS::CE::AnomalyMonitor": ("", f"arn:aws:ce::{ACCOUNT}:anomalymonitor/1a2b"),
    "AWS::CE::AnomalySubscription": ("", f"arn:aws:ce::{ACCOUNT}:anomalysubscription/1a2b"),
    "AWS::CloudWatch::Alarm": ("AlarmName", _arn("cloudwatch", "alarm:{}")),
    "AWS::CloudWatch::Dashboard": ("DashboardName", f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{{}}"),
    "AWS::CodeArtifact::Domain": ("DomainName", _arn("codeartifact", "domain/{}")),
    "AWS::CodeArtifact::Repository": ("RepositoryName", _arn("codeartifact", "repository/sandbox-dev-packages/{}")),
    "AWS::CodeBuild::Project": ("Name", _arn("codebuild", "project/{}")),
    "AWS::CodePipeline::Pipeline": ("Name", _arn("codepipeline", "{}")),
    "AWS::ECR::Repository": ("RepositoryName", _arn("ecr", "repository/{}")),
    "AWS::Events::Rule": ("Name", _arn("events", "rule/{}")),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", f"arn:aws:iam::{ACCOUNT}:policy/{{}}"),
    "AWS::IAM::Role": ("RoleName", f"arn:aws:iam::{ACCOUNT}:role/{{}}"),
    "AWS::KMS::Alias": ("AliasName", _arn("kms", "{}")),
    "AWS::KMS::Key": ("", KEY),
    "AWS::Lambda::Function": ("FunctionName", _arn("lambda", "function:{}")),
    "AWS::Logs::LogGroup": ("LogGroupName", _arn("logs", "log-group:{}")),
    "AWS::S3::Bucket": ("BucketName", "arn:aws:s3:::{}"),
    "AWS::S3::BucketPolicy": ("", "arn:aws:s3:::sandbox-dev-data-lake-1a2b"),
    "AWS::SNS::Subscription": ("", _arn("sns", "sandbox-dev-Security-Alerts-1A2B")),
    "AWS::SNS::Topic": ("TopicName", _arn("sns", "{}")),
    "AWS::SNS::TopicPolicy": ("", _arn("sns", "sandbox-dev-Security-Alerts-1A2B")),
    "AWS::SQS::Queue": ("QueueName", _arn("sqs", "{}")),
    "AWS::SQS::QueuePolicy": ("", _arn("sqs", "sandbox-dev-Security-Dead-1A2B")),
    "AWS::SSM::Parameter": ("Name", _arn("ssm", "parameter{}")),
    "AWS::SageMaker::Domain": ("", _arn("sagemaker", "domain/d-1a2b")),
    "AWS::SageMaker::DataQualityJobDefinition": (
        "",
        _arn("sagemaker", "data-quality-job-definition/sandbox-dev-Serving-1A2B"),
    ),
    "AWS::SageMaker::MonitoringSchedule": ("MonitoringScheduleName", _arn("sagemaker", "monitoring-schedule/{}")),
    "AWS::SageMaker::Endpoint": ("EndpointName", _arn("sagemaker", "endpoint/{}")),
    "AWS::SageMaker::EndpointConfig": ("", _arn("sagemaker", "endpoint-config/sandbox-dev-Serving-1A2B")),
    "AWS::SageMaker::Model": ("", _arn("sagemaker", "model/sandbox-dev-Serving-1A2B")),
    "AWS::SageMaker::FeatureGroup": ("FeatureGroupName", _arn("sagemaker", "feature-group/{}")),
    "AWS::SageMaker::MlflowApp": ("", _arn("sagemaker", "mlflow-app/app-1a2b")),
    "AWS::SageMaker::ModelPackageGroup": ("ModelPackageGroupName", _arn("sagemaker", "model-package-group/{}")),
    "AWS::SageMaker::Pipeline": ("PipelineName", _arn("sagemaker", "pipeline/{}")),
    "AWS::Scheduler::Schedule": ("Name", _arn("scheduler", "schedule/default/{}")),
}


def requests(stacks: list[StackArtifact]) -> Iterator[tuple[str, str]]:
    """(action, ARN) of every handler of every resource."""
    for stack in stacks:
        for logical_id, body in stack.resources.items():
            kind = body["Type"]
            key, shape = SHAPES.get(kind, ("", f"arn:aws:any:{REGION}:{ACCOUNT}:resource/1a2b"))
            name = _name(stack, logical_id, body, key)
            arn = shape.format(name.lower() if kind == "AWS::S3::Bucket" else name)
            for action in needs(kind, [body], REGION).actions:
                yield action, _other(action, arn)


def _other(action: str, arn: str) -> str:
    """The ARN of what an action is on, when that is not the resource itself."""
    service, name = action.split(":")
    if name in ("AttachRolePolicy", "DetachRolePolicy"):
        return OWN_ROLE
    if service == arn.split(":")[2]:
        return f"{arn}/key" if service == "s3" and ("Object" in name and "Lock" not in name) else arn
    return {
        "iam": OWN_ROLE,
        "kms": KEY,
        "lambda": _arn("lambda", "function:sandbox-dev-Network-Function-1A2B"),
        "s3": "arn:aws:s3:::sandbox-dev-data-lake-1a2b" + ("/key" if "Object" in name else ""),
    }.get(service, arn)


def test_every_handler_of_every_resource_is_allowed(sandbox: Kit, sandbox_stacks: list[StackArtifact]) -> None:
    context = {
        "kms:ViaService": f"lambda.{REGION}.amazonaws.com",
        "kms:GrantIsForAWSResource": "true",
        "iam:PolicyARN": OWN_POLICY,
    }
    asked = set(requests(sandbox_stacks))
    assert len(asked) > 500
    refused = [request for request in sorted(asked) if asks(sandbox, *request, **context) != "allowed"]
    assert refused == []


def test_a_deployment_reads_code_and_the_bootstrap_version(sandbox: Kit) -> None:
    bucket = f"arn:aws:s3:::cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
    assert asks(sandbox, "s3:GetObject", f"{bucket}/code.zip") == "allowed"
    assert asks(sandbox, "s3:PutObject", f"{bucket}/code.zip") == "not allowed"
    assert asks(sandbox, "ssm:GetParameters", _arn("ssm", "parameter/cdk-bootstrap/hnb659fds/version")) == "allowed"


def test_nothing_beyond_the_templates_is_allowed(sandbox: Kit) -> None:
    anything = f"arn:aws:any:{REGION}:{ACCOUNT}:resource/1a2b"
    for action in ("organizations:LeaveOrganization", "rds:CreateDBInstance", "ec2:RunInstances", "sts:AssumeRole"):
        assert asks(sandbox, action, anything) == "not allowed"
    for action, arn in (
        ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/mallory"),
        ("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/mallory"),
        ("iam:AttachUserPolicy", f"arn:aws:iam::{ACCOUNT}:user/mallory"),
        ("iam:CreateRole", FOREIGN_ROLE),
        ("iam:UpdateAssumeRolePolicy", FOREIGN_ROLE),
        ("iam:PutRolePolicy", OWN_ROLE),
        ("s3:DeleteBucket", "arn:aws:s3:::another-team-data"),
        ("s3:GetObject", "arn:aws:s3:::another-team-data/key"),
        ("lambda:UpdateFunctionCode", _arn("lambda", "function:another-team")),
        ("lambda:InvokeFunction", _arn("lambda", "function:another-team")),
        ("logs:DeleteLogGroup", _arn("logs", "log-group:another-team")),
        ("ssm:PutParameter", _arn("ssm", "parameter/another-team")),
        ("kms:DeleteAlias", _arn("kms", "alias/another-team")),
    ):
        assert asks(sandbox, action, arn) == "not allowed", action


def test_keys_are_used_through_services_only(sandbox: Kit) -> None:
    through = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
    assert asks(sandbox, "kms:Decrypt", KEY, **through) == "allowed"
    assert asks(sandbox, "kms:Decrypt", KEY) == "not allowed"
    assert asks(sandbox, "kms:CreateGrant", KEY, **{"kms:GrantIsForAWSResource": "false"}) == "not allowed"


@pytest.mark.parametrize(
    "action", ["ec2:CreateVpc", "kms:CreateKey", "sagemaker:CreateDomain", "bedrock:CreateGuardrail"]
)
def test_another_region_is_out_of_reach(sandbox: Kit, action: str) -> None:
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:domain/d-1a2b"
    assert asks(sandbox, action, arn) == "allowed"
    assert asks(sandbox, action, arn, aws__RequestedRegion="us-east-1") == "not allowed"


@pytest.mark.parametrize("banned", ["AdministratorAccess", "IAMFullAccess", "AWSOrganizationsFullAccess"])
@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
def test_no_administrator_is_made(sandbox: Kit, banned: str, partition: str) -> None:
    arn = f"arn:{partition}:iam::aws:policy/{banned}"
    assert asks(sandbox, "iam:AttachRolePolicy", OWN_ROLE, iam__PolicyARN=arn) == "denied"
    assert asks(sandbox, "iam:AttachRolePolicy", OWN_ROLE, iam__PolicyARN=OWN_POLICY) == "allowed"


def test_roles_are_passed_to_the_services_of_the_stacks_only(sandbox: Kit) -> None:
    for service in ("lambda", "sagemaker", "codebuild", "codepipeline", "scheduler", "vpc-flow-logs"):
        context = {"iam:PassedToService": f"{service}.amazonaws.com"}
        assert asks(sandbox, "iam:PassRole", OWN_ROLE, **context) == "allowed", service
        assert asks(sandbox, "iam:PassRole", FOREIGN_ROLE, **context) == "not allowed"
    assert asks(sandbox, "iam:PassRole", OWN_ROLE, iam__PassedToService="ec2.amazonaws.com") == "not allowed"
    assert asks(sandbox, "iam:PassRole", OWN_ROLE) == "not allowed"


def test_a_role_for_people_is_passed_to_no_service(sandbox: Kit, sandbox_stacks: list[StackArtifact]) -> None:
    people = {
        f"arn:aws:iam::{ACCOUNT}:role/{body['Properties']['RoleName']}"
        for stack in sandbox_stacks
        for body in stack.resources.values()
        if body["Type"] == "AWS::IAM::Role" and "RoleName" in body["Properties"]
    }
    assert people
    for role in people:
        assert asks(sandbox, "iam:CreateRole", role) == "allowed"
        assert asks(sandbox, "iam:PassRole", role, iam__PassedToService="sagemaker.amazonaws.com") == "not allowed"


def test_a_service_linked_role_is_made_for_named_services_only(sandbox: Kit) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{{}}/AWSServiceRoleForIt"
    for service, decision in (("sagemaker.amazonaws.com", "allowed"), ("ec2.amazonaws.com", "not allowed")):
        arn = role.format(service)
        assert asks(sandbox, "iam:CreateServiceLinkedRole", arn, iam__AWSServiceName=service) == decision


def test_a_role_cannot_be_made_without_the_boundary(bounded: Kit) -> None:
    for action in ("iam:CreateRole", "iam:PutRolePermissionsBoundary"):
        assert asks(bounded, action, BOUNDED_ROLE, iam__PermissionsBoundary=BOUNDARY) == "allowed"
        assert asks(bounded, action, BOUNDED_ROLE) == "denied"
        other = f"arn:aws:iam::{ACCOUNT}:policy/Anything"
        assert asks(bounded, action, BOUNDED_ROLE, iam__PermissionsBoundary=other) == "denied"


def test_a_role_without_the_boundary_gets_no_policy(bounded: Kit) -> None:
    context = {"iam:PolicyARN": OWN_POLICY.replace("policy/", "policy/agency/")}
    bound = {**context, "iam__PermissionsBoundary": BOUNDARY}
    assert asks(bounded, "iam:AttachRolePolicy", BOUNDED_ROLE, **bound) == "allowed"
    assert asks(bounded, "iam:AttachRolePolicy", BOUNDED_ROLE, **context) == "not allowed"


def test_the_trust_of_its_own_roles_can_be_changed(bounded: Kit) -> None:
    """IAM tells no boundary with this call; a condition on it would refuse every update of a trust policy."""
    assert asks(bounded, "iam:UpdateAssumeRolePolicy", BOUNDED_ROLE) == "allowed"
    assert asks(bounded, "iam:UpdateAssumeRolePolicy", FOREIGN_ROLE) == "not allowed"


def test_the_boundary_is_neither_taken_off_nor_rewritten(bounded: Kit) -> None:
    assert asks(bounded, "iam:DeleteRolePermissionsBoundary", BOUNDED_ROLE) == "denied"
    for action in ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicy"):
        assert asks(bounded, action, BOUNDARY) == "denied"


def test_a_deployment_does_not_widen_its_own_policy(sandbox: Kit) -> None:
    for policy in sandbox.policies:
        assert asks(sandbox, "iam:CreatePolicyVersion", policy.arn) == "denied"


def test_roles_and_policies_outside_the_path_are_out_of_reach(bounded: Kit) -> None:
    assert asks(bounded, "iam:CreateRole", OWN_ROLE, iam__PermissionsBoundary=BOUNDARY) == "not allowed"
    assert asks(bounded, "iam:CreatePolicy", OWN_POLICY) == "not allowed"


def test_environments_of_one_account_share_a_kit_and_those_of_others_do_not(
    bounded: Kit, bounded_settings: Settings, bounded_stacks: list[StackArtifact]
) -> None:
    assert environments_of(bounded_settings, None) == [["dev", "uat"], ["prod"]]
    assert environments_of(bounded_settings, "uat") == [["dev", "uat"]]
    assert asks(bounded, "s3:CreateBucket", "arn:aws:s3:::sandbox-uat-data-1a2b") == "allowed"
    assert asks(bounded, "s3:CreateBucket", "arn:aws:s3:::sandbox-prod-data-1a2b") == "not allowed"
    prod = kit(bounded_settings, bounded_stacks, ["prod"])
    assert prod.account == "210987654321"
    assert ACCOUNT not in json.dumps([policy.document for policy in prod.policies])


def test_no_statement_opens_a_whole_service_or_iam(sandbox: Kit, bounded: Kit) -> None:
    for prepared in (sandbox, bounded):
        for policy in prepared.policies:
            for statement in policy.document["Statement"]:
                assert not [action for action in statement["Action"] if "*" in action]
                if statement["Effect"] == "Allow" and any(a.startswith("iam:") for a in statement["Action"]):
                    assert statement["Resource"] != ["*"] or statement["Action"] == [
                        "iam:ListPolicies",
                        "iam:ListRoles",
                    ]


@pytest.mark.parametrize("profile", ["gcc-intranet", "gcc-internet"])
def test_a_role_that_a_template_names_may_be_passed_and_no_other(profile: str) -> None:
    """Logs are shipped under a role of the landing zone; its ARN is made of pseudo parameters."""
    settings = load_settings(REPOSITORY / "config" / f"{profile}.yaml")
    stacks = read_stacks(assemble(REPOSITORY / "config" / f"{profile}.yaml"))
    (group, *_) = environments_of(settings, None)
    prepared = kit(settings, stacks, group)
    shipping = settings.observability.log_shipping
    assert shipping is not None
    assert shipping.role is not None
    role = f"arn:aws:iam::{prepared.account}:role/{shipping.role}"
    context = {"iam:PassedToService": "logs.amazonaws.com"}
    assert asks(prepared, "iam:PassRole", role, **context) == "allowed"
    assert asks(prepared, "iam:PassRole", f"{role}-other", **context) == "not allowed"
    assert asks(prepared, "iam:UpdateAssumeRolePolicy", role) == "not allowed"


def test_nothing_is_allowed_on_resources_that_iam_asks_about_without_one(sandbox: Kit, bounded: Kit) -> None:
    """Such a statement grants nothing, and the deployment that needs it fails."""
    for prepared in (sandbox, bounded):
        for policy in prepared.policies:
            for statement in policy.document["Statement"]:
                assert [each for each in without_effect(statement) if matching(each)] == [], statement["Sid"]
