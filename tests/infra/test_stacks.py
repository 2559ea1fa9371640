"""What holds for every resource of every stack, whichever construct made it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from aws_cdk import App, RemovalPolicy, Stack, Stage
from cfn_templates import ACCOUNT, REGION, Deployment, Resource
from identities import Identity
from tagging import taggable, tags

import app as entry
from govml.errors import UserError
from govml.local.emulator.cloudformation.schema import resource_schema
from govml.settings import Switches, load_settings
from stacks.environment.context import EnvironmentContext

REPOSITORY = Path(__file__).resolve().parents[2]
STATEFUL = {
    "AWS::ECR::Repository",
    "AWS::Glue::Database",
    "AWS::Glue::Table",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::S3Vectors::Index",
    "AWS::S3Vectors::VectorBucket",
    "AWS::SageMaker::Domain",
    "AWS::SageMaker::FeatureGroup",
    "AWS::SageMaker::MlflowApp",
    "AWS::SageMaker::ModelPackageGroup",
}

# On in other profiles than the sandbox's: a warehouse takes three zones, Lake Formation is one for an account,
# Grafana wants somebody who signs people in, a canary stage 3.
OTHER_PROFILES = {
    "gcc_baseline",
    "lake_formation",
    "managed_grafana",
    "managed_prometheus",
    "synthetic_canary",
    "tracing",
    "warehouse",
}
# Which resource types (or endpoint services) exist only when a switch is on.
SWITCHED = {
    "catalogue": {"AWS::Glue::Database", "AWS::Athena::WorkGroup", "endpoint athena", "endpoint glue"},
    "feature_store": {"AWS::SageMaker::FeatureGroup", "endpoint sagemaker.featurestore-runtime"},
    "vector_store": {"AWS::S3Vectors::VectorBucket", "AWS::S3Vectors::Index", "endpoint s3vectors"},
    "warehouse": {
        "AWS::RedshiftServerless::Namespace",
        "AWS::RedshiftServerless::Workgroup",
        "Custom::WarehouseUsageLimit",
        "endpoint redshift-data",
    },
    "lake_formation": {"AWS::LakeFormation::PrincipalPermissions", "endpoint lakeformation"},
    "ingestion": {"AWS::Lambda::EventSourceMapping"},
    "experiment_tracking": {"AWS::SageMaker::MlflowApp", "endpoint experiments"},
    "studio": {"AWS::SageMaker::Domain", "endpoint studio"},
    "training_pipeline": {"AWS::SageMaker::Pipeline", "AWS::Events::Rule"},
    "pipeline_schedule": {"AWS::Scheduler::Schedule"},
    "endpoints": {"AWS::SageMaker::Endpoint", "AWS::SageMaker::EndpointConfig", "AWS::SageMaker::Model"},
    "release": {"queue release"},
    "monitoring": {"queue retraining"},
    "alarms": {"AWS::CloudWatch::Alarm"},
    "dashboards": {"AWS::CloudWatch::Dashboard"},
    "managed_prometheus": {"AWS::APS::Workspace", "AWS::APS::RuleGroupsNamespace", "endpoint aps-workspaces"},
    "tracing": {"endpoint xray"},
    "personas": {"role for people"},
    "synthetic_canary": {"canary"},
    "managed_grafana": {"AWS::Grafana::Workspace", "endpoint grafana", "endpoint grafana-workspace"},
    "ai_service": {
        "AWS::Bedrock::Guardrail",
        "AWS::Bedrock::GuardrailVersion",
        "Custom::ModelInvocationLogging",
        "endpoint bedrock-runtime",
    },
    "cicd": {
        "AWS::CodeArtifact::Domain",
        "AWS::CodeArtifact::Repository",
        "AWS::CodeBuild::Project",
        "AWS::CodeConnections::Connection",
        "AWS::CodePipeline::Pipeline",
        "endpoint codeartifact.api",
        "endpoint cloudformation",
    },
    # no part of any stage of maturity: tests/infra/baseline/test_gcc_baseline.py has it on
    "gcc_baseline": {"AWS::SSM::PatchBaseline", "AWS::SSM::Association", "AWS::EC2::SnapshotBlockPublicAccess"},
}


@pytest.fixture(params=["sandbox", "minimal", "shared_account"])
def deployment(request: pytest.FixtureRequest) -> Deployment:
    """Each of the three, for what must hold whatever is switched on."""
    found: Deployment = request.getfixturevalue(request.param)
    return found


def components(deployment: Deployment) -> set[str]:
    endpoints = {each.properties["ServiceName"] for each in deployment.resources("AWS::EC2::VPCEndpoint")}
    services = {re.sub(r"^.*ap-southeast-1\.", "", name) for name in endpoints}
    people = {"role for people" for each in deployment.resources("AWS::IAM::Role") if "/Personas/" in each.path}
    named = [str(each.properties.get("QueueName", "")) for each in deployment.resources("AWS::SQS::Queue")]
    queues = {f"queue {name.rpartition('-')[2]}" for name in named if name}
    canary = {"canary" for each in deployment.resources("AWS::Lambda::Function") if "/Canary/" in each.path}
    return deployment.types() | canary | {f"endpoint {name}" for name in services} | people | queues


def identities(deployment: Deployment) -> Iterator[tuple[Resource, Identity]]:
    everything = list(deployment.resources())
    for role in deployment.resources("AWS::IAM::Role"):
        yield role, Identity(role, everything)


# Network


def test_no_security_group_names_the_whole_internet(deployment: Deployment) -> None:
    for template in deployment.templates.values():
        assert "0.0.0.0/0" not in template.text
        assert "::/0" not in template.text


def test_there_is_no_gateway_and_no_public_address(deployment: Deployment) -> None:
    forbidden = {"InternetGateway", "EgressOnlyInternetGateway", "NatGateway", "EIP", "VPCGatewayAttachment", "Route"}
    assert not {f"AWS::EC2::{name}" for name in forbidden} & deployment.types()
    for subnet in deployment.resources("AWS::EC2::Subnet"):
        assert subnet.properties.get("MapPublicIpOnLaunch", False) is False
    for template in deployment.templates.values():
        assert '"AssociatePublicIpAddress": true' not in template.text


def test_the_default_group_is_closed(deployment: Deployment) -> None:
    networks = {each.name for each in deployment.resources("AWS::EC2::VPC")}
    closed = {
        each.properties["SecurityGroupId"].removesuffix(".DefaultSecurityGroup")
        for each in deployment.resources("Custom::DefaultSecurityGroupClosed")
    }
    assert closed == networks


def test_the_function_that_closes_it_may_do_so_and_no_more(sandbox: Deployment) -> None:
    (found,) = [identity for role, identity in identities(sandbox) if "/DefaultGroupClosed/" in role.path]
    (network,) = sandbox.resources("AWS::EC2::VPC")
    group = f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/{network.name}.DefaultSecurityGroup"
    for direction in ("Ingress", "Egress"):
        assert found.may(f"ec2:RevokeSecurityGroup{direction}", group)
        assert not found.may(f"ec2:AuthorizeSecurityGroup{direction}", group)
        assert not found.may(f"ec2:RevokeSecurityGroup{direction}", f"{group}-2")


# Data at rest


def test_every_log_group_is_encrypted_and_kept_for_a_year(deployment: Deployment) -> None:
    groups = list(deployment.resources("AWS::Logs::LogGroup"))
    assert groups
    for group in groups:
        assert ":key/" in group.properties["KmsKeyId"]
        assert group.properties["RetentionInDays"] >= 365


def test_no_function_or_project_logs_elsewhere(deployment: Deployment) -> None:
    groups = {group.name for group in deployment.resources("AWS::Logs::LogGroup")}
    for function in deployment.resources("AWS::Lambda::Function"):
        assert function.properties["LoggingConfig"]["LogGroup"] in groups
    for project in deployment.resources("AWS::CodeBuild::Project"):
        assert project.properties["LogsConfig"]["CloudWatchLogs"]["GroupName"] in groups


def test_everything_with_data_is_kept_without_both_keys(sandbox: Deployment, minimal: Deployment) -> None:
    # the sandbox has the first key, `removal: destroy`, and the minimal agency's dev has neither
    for deployment in (sandbox, minimal):
        assert [each.path for each in deployment.resources(*STATEFUL) if not each.kept()] == []
    assert sandbox.types() >= STATEFUL


def test_both_keys_delete_one_environment_and_one_key_deletes_nothing(shared_account: Deployment) -> None:
    dev = [each for each in shared_account.resources(*STATEFUL) if each.path.startswith("sandbox-dev/")]
    uat = [each for each in shared_account.resources(*STATEFUL) if each.path.startswith("sandbox-uat/")]
    assert {each.body["DeletionPolicy"] for each in dev} == {"Delete"}
    assert uat
    assert all(each.kept() for each in uat)


def test_prod_is_never_deleted(minimal_file: Path, tmp_path: Path) -> None:
    context = EnvironmentContext(load_settings(minimal_file), "prod", "x", allow_destroy=True)
    assert context.removal_policy is RemovalPolicy.RETAIN
    path = tmp_path / "destroy.yaml"
    path.write_text(minimal_file.read_text().replace("10.3.0.0/22}", "10.3.0.0/22, removal: destroy}"))
    with pytest.raises(UserError, match="destroy is refused in prod"):
        load_settings(path)


def test_prod_stacks_are_protected(new_app: Callable[..., App], minimal_file: Path, tmp_path: Path) -> None:
    for name, protected in (("prod", True), ("dev", False)):
        app = new_app(tmp_path / name, config=str(minimal_file), environment=name)
        entry.build(app)
        stacks = [each for each in app.node.find_all() if Stack.is_stack(each)]
        assert {each.termination_protection for each in stacks} == {protected}  # type: ignore[attr-defined]  # stacks


# Roles


def test_every_role_is_for_a_service_on_behalf_of_this_account_only(deployment: Deployment) -> None:
    for role, identity in identities(deployment):
        if "/Personas/" in role.path or "/Promotion/" in role.path:
            continue  # roles that people and pipelines take: test_personas, test_promotion_access
        for statement in identity.trust["Statement"]:
            assert set(statement["Principal"]) == {"Service"}, role.path
            assert statement["Condition"]["StringEquals"]["aws:SourceAccount"] == ACCOUNT, role.path
            source = statement["Condition"].get("ArnLike", {}).get("aws:SourceArn")
            example = source[0].replace("*", "x") if source else None
            service = statement["Principal"]["Service"]
            assert identity.assumed_by(service, source=example)
            assert not identity.assumed_by(service, account="9" * 12, source=example)
            assert not identity.assumed_by(service, account=None, source=example)


def test_there_is_no_inline_policy_and_no_user(deployment: Deployment) -> None:
    forbidden = {"Policy", "RolePolicy", "User", "UserPolicy", "Group", "GroupPolicy", "AccessKey"}
    assert not {f"AWS::IAM::{name}" for name in forbidden} & deployment.types()
    assert [role.path for role in deployment.resources("AWS::IAM::Role") if "Policies" in role.properties] == []


def test_every_policy_of_a_role_is_the_account_s_own(deployment: Deployment) -> None:
    for role in deployment.resources("AWS::IAM::Role"):
        for arn in role.properties.get("ManagedPolicyArns", []):
            assert arn.startswith(f"arn:aws:iam::{ACCOUNT}:policy/"), role.path


def test_no_policy_allows_an_action_with_a_wildcard(deployment: Deployment) -> None:
    for policy in deployment.resources("AWS::IAM::ManagedPolicy"):
        for statement in policy.properties["PolicyDocument"]["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert [action for action in actions if "*" in action] == [], policy.path


def test_the_boundary_and_the_path_are_on_every_role_when_configured(shared_account: Deployment) -> None:
    for role in shared_account.resources("AWS::IAM::Role"):
        assert role.properties["PermissionsBoundary"] == f"arn:aws:iam::{ACCOUNT}:policy/AgencyBoundary", role.path
        assert role.properties["Path"] == "/agency/", role.path
    assert {each.properties["Path"] for each in shared_account.resources("AWS::IAM::ManagedPolicy")} == {"/agency/"}


def test_there_is_no_boundary_when_none_is_configured(sandbox: Deployment) -> None:
    assert not any("PermissionsBoundary" in role.properties for role in sandbox.resources("AWS::IAM::Role"))


# Tags and names


def test_every_taggable_resource_says_whose_it_is_and_what_it_may_hold(sandbox: Deployment) -> None:
    settings, tagged = load_settings(REPOSITORY / "config" / "sandbox.yaml"), 0
    wanted = {
        "Project-Code": settings.project_code,
        "Environment": "dev",
        "Agency": settings.agency,
        "Data-Classification": settings.data_classification,
    }
    for resource in sandbox.resources():
        name = taggable(resource)
        if name is None:
            continue
        assert wanted.items() <= tags(resource, name).items(), resource.path
        tagged += 1
    assert tagged > 60


def test_no_name_is_given_twice_in_one_account(shared_account: Deployment) -> None:
    names: Counter[tuple[str, ...]] = Counter()
    for resource in shared_account.resources():
        if not resource.type.startswith("Custom::"):
            identifiers = resource_schema(resource.type, REGION)["primaryIdentifier"]
            keys = [each.removeprefix("/properties/") for each in identifiers]
            values = [resource.properties.get(key) for key in keys]
            if all(isinstance(value, str) for value in values):
                names[(resource.type, *values)] += 1
    assert sum(names.values()) > 40
    assert [name for name, times in names.items() if times > 1] == []


def test_what_an_account_has_once_is_made_by_its_first_environment(shared_account: Deployment) -> None:
    fixed = [each for each in shared_account.resources("AWS::Logs::LogGroup") if "LogGroupName" in each.properties]
    assert {each.properties["LogGroupName"] for each in fixed} == {
        "/aws/sagemaker/ProcessingJobs",
        "/aws/sagemaker/TrainingJobs",
        "/aws/sagemaker/studio",
    }
    settings = list(shared_account.resources("Custom::ModelInvocationLogging"))
    assert len(settings) == 1
    assert all(each.path.startswith("sandbox-dev/") for each in [*fixed, *settings])


def test_the_second_environment_s_jobs_write_to_the_first_one_s_log_groups(shared_account: Deployment) -> None:
    owned = [
        each.properties["Name"]
        for each in shared_account.resources("AWS::SSM::Parameter")
        if "log-group" in each.properties["Name"]
    ]
    template = shared_account.templates["sandbox-uat/MlPlatform"]
    wanted = {
        each["Default"] for each in template.body["Parameters"].values() if "log-group" in str(each.get("Default"))
    }
    assert wanted == set(owned)
    assert len(owned) == 3


# Switches


def test_the_table_has_every_switch() -> None:
    assert set(SWITCHED) == {field.name for field in fields(Switches)}


@pytest.mark.parametrize("switch", sorted(set(SWITCHED) - OTHER_PROFILES))
def test_a_switch_that_is_on_has_its_resources(sandbox: Deployment, switch: str) -> None:
    assert SWITCHED[switch] - components(sandbox) == set()


@pytest.mark.parametrize("switch", sorted(set(SWITCHED) - {"alarms"}))
def test_a_switch_that_is_off_has_none_of_them(minimal: Deployment, switch: str) -> None:
    assert SWITCHED[switch] & components(minimal) == set()


def test_the_first_stage_has_alarms(minimal: Deployment) -> None:
    assert SWITCHED["alarms"] <= components(minimal)


def test_one_environment_of_three_is_built_when_it_is_named(
    new_app: Callable[..., App], minimal: Deployment, minimal_file: Path, tmp_path: Path
) -> None:
    assert {name.split("/")[0] for name in minimal.templates} == {"mini-dev"}
    app = new_app(tmp_path, config=str(minimal_file))
    entry.build(app)
    stages = [each.node.id for each in app.node.children if Stage.is_stage(each)]
    assert stages == ["mini-dev", "mini-uat", "mini-prod"]


# Size


def test_templates_are_well_below_cloudformation_s_limits(deployment: Deployment) -> None:
    for name, template in deployment.templates.items():
        assert len(template.resources) < 500, name
        assert len(template.text.encode()) < 1_000_000, name


def test_policies_are_below_the_limits_of_iam_s3_and_kms(deployment: Deployment) -> None:
    # IAM and KMS quotas; S3 user guide, "Bucket policy examples"
    limits = {
        "AWS::IAM::ManagedPolicy": ("PolicyDocument", 6144),
        "AWS::S3::BucketPolicy": ("PolicyDocument", 20 * 1024),
        "AWS::KMS::Key": ("KeyPolicy", 32 * 1024),
    }
    for kind, (name, limit) in limits.items():
        for resource in deployment.resources(kind):
            assert len(json.dumps(resource.properties[name], separators=(",", ":"))) <= limit, resource.path


def test_the_sandbox_has_one_stack_a_duty(sandbox: Deployment) -> None:
    duties = (
        "Access Security Network Data VectorStore MlPlatform Ingestion UseCase-hdb-resale Serving-hdb-resale Release "
        "Monitoring AiService Observability Cicd"
    )
    assert set(sandbox.templates) == {f"sandbox-dev/{name}" for name in duties.split()}
