"""What holds for every agency file in `config/`: it synthesises offline, passes the gate, and keeps the landing zone's rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from cfn_templates import ACCOUNT, Resource, Template
from profiles import Profile
from ruamel.yaml import YAML
from tagging import taggable, tags

from govml.gate.judge import judge
from govml.release.account import RESOURCE_TYPES
from govml.settings import Settings, load_settings
from govml.settings.reading.schema import schema
from govml_constructs.telemetry.log_feed import FILTER_NAME

CONFIG = Path(__file__).resolve().parents[2] / "config"
DAY = date(2026, 11, 27)  # acknowledgements are judged as on the day they were written
# `ACCOUNT` stands for the pseudo parameter AWS::AccountId: ARNs take the account from wherever the stack is deployed.
CENTRAL = re.compile(r"AWS::(AccessAnalyzer|CloudTrail|Config|GuardDuty|SecurityHub)::")
# Region names, in the shapes that AWS uses.
REGION_NAME = re.compile(r"\b(?:af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(?:-(?:gov|isob?|de))?-[a-z]+-\d\b")

# Log groups that a service makes by itself, without a key and for ever, unless they exist: their names, by what uses the
# service. Lambda, CodeBuild, flow logs and Bedrock are told their group instead (see the tests of those constructs).
SERVICE_LOG_GROUPS = {
    "AWS::SageMaker::Pipeline": ("/aws/sagemaker/ProcessingJobs", "/aws/sagemaker/TrainingJobs"),
    "AWS::SageMaker::Domain": ("/aws/sagemaker/studio",),
}
# Types whose log groups nobody has made beforehand. A stack that begins to use one must first make its groups, and then
# move it to the table above.
UNPREPARED = {
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Api",
    "AWS::ECS::Cluster",
    "AWS::Glue::Job",
    "AWS::SageMaker::InferenceComponent",
    "AWS::SageMaker::NotebookInstance",
    "AWS::StepFunctions::StateMachine",
}


ASYNCHRONOUS = ("requests", "answers", "failures")

# Findings that stand acknowledged, by profile. These figures only go down: `govml gate` lists each with its cause.
MOST_ACKNOWLEDGED = {"agency-managed": 180, "gcc-internet": 78, "gcc-intranet": 75, "sandbox": 40, "stage1": 16}


def names() -> list[str]:
    return sorted(path.stem for path in CONFIG.glob("*.yaml"))


def settings_of(name: str) -> Settings:
    return load_settings(CONFIG / f"{name}.yaml")


def by_type(templates: list[Template], *types: str) -> Iterator[Resource]:
    for template in templates:
        yield from template.all(*types)


def test_there_is_a_profile_for_each_compartment() -> None:
    assert {"sandbox", "gcc-intranet", "gcc-internet", "agency-managed"} <= set(names())


@pytest.mark.parametrize("name", names())
def test_the_file_obeys_the_schema_that_editors_use(name: str) -> None:
    jsonschema.validate(YAML(typ="safe", pure=True).load(CONFIG / f"{name}.yaml"), schema())


def test_everything_of_the_last_stage_is_exercised_by_more_than_one_profile() -> None:
    assert sum(settings_of(name).maturity == "stage3" for name in names()) >= 2


def test_the_gate_passes(profile: Profile) -> None:
    verdict = judge(profile.deployment.folder, DAY)
    assert verdict.refusals == ()
    assert len(verdict.accepted) <= MOST_ACKNOWLEDGED[profile.name]


def test_an_endpoint_reaches_the_folders_of_asynchronous_requests_only_where_there_are_any(profile: Profile) -> None:
    policies = [
        json.dumps(each.properties["PolicyDocument"])
        for _, templates in profile.environments()
        for each in by_type(templates, "AWS::IAM::ManagedPolicy")
        if "/ServingData/" in each.path
    ]
    assert bool(policies) == bool(profile.settings.served)
    for policy in policies:
        assert "/released/*" in policy and "/capture/*" in policy
        assert all(("/" + folder + "/*" in policy) == profile.settings.asynchronous for folder in ASYNCHRONOUS)


def test_templates_name_another_environment_s_account_for_promotion_alone(profile: Profile) -> None:
    # The source lets the target's promoter and the roles that pull images in; these roles name its images; the promoter
    # reads the source, through
    # endpoints whose policies name the source's account as one whose resources may be reached.
    letting_in = re.compile(
        r"arn:aws:iam::\d{12}:(root|role/[a-z0-9/-]+(\.promoter|-\*))$|arn:aws:ecr:[a-z0-9-]+:\d{12}:repository/[a-z-]+-jobs$"
    )
    reached = re.compile(r"\d{12}$")
    # The overview of the agency reads the figures of linked accounts, and they name its sink.
    seen = re.compile(r"\d{12}$|arn:aws:oam:[a-z0-9-]+:\d{12}:sink/[0-9a-f-]+$")
    for name, templates in profile.environments():
        assert templates, name
        others = {each.account for each in profile.settings.environments.values()}
        others.discard(profile.settings.environment(name).account)
        for template in templates:
            named = [text for text in strings(template.body) if any(other in text for other in others)]
            if not template.name.endswith("-Promotion"):
                allowed = reached if template.name.endswith("-Network") else letting_in
                if template.name.endswith("-Observability"):
                    allowed = seen
                    named = [re.sub(r'"accountId":"\d{12}"', "", text) for text in named]
                    named = [text for text in named if any(other in text for other in others)]
                named = [text for text in named if not allowed.match(text)]
                assert not named, template.name


def strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from (key, *strings(each))
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif isinstance(value, str):
        yield value


def test_every_stack_names_its_account_and_its_region(profile: Profile) -> None:
    for name, environment in profile.settings.environments.items():
        assembly = profile.deployment.folder / f"assembly-{profile.settings.agency}-{name}" / "manifest.json"
        artifacts = json.loads(assembly.read_bytes())["artifacts"].values()
        places = {each["environment"] for each in artifacts if each["type"] == "aws:cloudformation:stack"}
        assert places == {f"aws://{environment.account}/{profile.settings.region}"}


def test_what_is_central_is_never_made(profile: Profile) -> None:
    assert [kind for kind in profile.deployment.types() if CENTRAL.match(kind)] == []


def test_no_template_names_a_region_outside_the_allow_list(profile: Profile) -> None:
    for template in profile.deployment.templates.values():
        assert set(REGION_NAME.findall(template.text)) <= set(profile.settings.allowed_regions), template.name


def test_every_taggable_resource_has_every_tag(profile: Profile) -> None:
    settings, missing, kinds = profile.settings, [], set()
    for environment, templates in profile.environments():
        wanted = {
            **settings.tags,
            "Project-Code": settings.project_code,
            "Environment": environment,
            "Agency": settings.agency,
            "Data-Classification": settings.data_classification,
        }
        for resource in by_type(templates):
            name = taggable(resource)
            if name is not None:
                kinds.add(type(resource.properties.get(name)))
                if not wanted.items() <= tags(resource, name).items():
                    missing.append(resource.path)
    assert missing == []
    assert kinds == {list, dict}  # both spellings of tags were among them


def test_no_tag_is_of_the_landing_zone_or_of_aws(profile: Profile) -> None:
    for resource in profile.deployment.resources():
        if (name := taggable(resource)) is not None:
            assert [key for key in tags(resource, name) if key.lower().startswith(("gcc:", "aws:"))] == []


def test_every_log_group_is_encrypted_and_kept_for_a_year(profile: Profile) -> None:
    groups = list(profile.deployment.resources("AWS::Logs::LogGroup"))
    assert groups
    for group in groups:
        assert ":key/" in group.properties["KmsKeyId"], group.path
        assert group.properties["RetentionInDays"] == profile.settings.observability.log_retention_days >= 365


def test_every_log_group_ships_its_events_exactly_when_the_file_says_so(profile: Profile) -> None:
    shipping = profile.settings.observability.log_shipping
    for _, templates in profile.environments():
        groups = {each.name for each in by_type(templates, "AWS::Logs::LogGroup")}
        filters = [
            each.properties
            for each in by_type(templates, "AWS::Logs::SubscriptionFilter")
            if each.properties["FilterName"] != FILTER_NAME  # the forwarder of telemetry stays inside the account
        ]
        if shipping is None:
            assert filters == []
            continue
        assert sorted(each["LogGroupName"] for each in filters) == sorted(groups)
        stream = f"arn:aws:firehose:{profile.settings.region}:{ACCOUNT}:deliverystream/{shipping.delivery_stream}"
        for each in filters:
            assert each["DestinationArn"] == (shipping.destination_arn or stream)
            assert (each["FilterName"], each["FilterPattern"]) == (shipping.filter_name, shipping.filter_pattern)
            assert each.get("RoleArn") == (shipping.role and f"arn:aws:iam::{ACCOUNT}:role/{shipping.role}")


def test_log_groups_that_services_name_exist_before_their_first_use(profile: Profile) -> None:
    assert profile.deployment.types() & UNPREPARED == set()
    for name, templates in profile.environments():
        used = {each.type for each in by_type(templates)}
        wanted = {group for kind, groups in SERVICE_LOG_GROUPS.items() if kind in used for group in groups}
        endpoints = by_type(templates, "AWS::SageMaker::Endpoint")
        wanted |= {f"/aws/sagemaker/Endpoints/{each.properties['EndpointName']}" for each in endpoints}
        made = {each.properties.get("LogGroupName") for each in by_type(templates, "AWS::Logs::LogGroup")}
        assert wanted <= made, name


def test_every_role_has_the_boundary_and_the_path_that_the_file_demands(profile: Profile) -> None:
    iam = profile.settings.iam
    for _, templates in profile.environments():
        boundary = iam.permissions_boundary and f"arn:aws:iam::{ACCOUNT}:policy/{iam.permissions_boundary}"
        for role in by_type(templates, "AWS::IAM::Role"):
            assert role.properties.get("PermissionsBoundary") == boundary, role.path
            assert role.properties["Path"] == iam.role_path, role.path


def test_the_account_rules_are_made_once_an_account(profile: Profile) -> None:
    stacks = [path.split("/")[0] for path in profile.deployment.templates if path.endswith("/GccBaseline")]
    accounts = {each.account for each in profile.settings.environments.values()}
    assert len(stacks) == (len(accounts) if profile.settings.switches.gcc_baseline else 0)


@pytest.mark.parametrize(("name", "most"), [("gcc-intranet", 128), ("gcc-internet", 256)])
def test_a_profile_of_gcc_keeps_its_compartment_s_rules(name: str, most: int) -> None:
    settings = settings_of(name)
    assert settings.network.mode == "import"
    assert settings.network.internet == "none"
    assert settings.observability.log_shipping is not None
    assert settings.switches.gcc_baseline
    assert settings.allowed_regions == ("ap-southeast-1",)
    for environment in settings.environments.values():
        imported = environment.network_import
        assert imported is not None
        assert sum(subnet.cidr.num_addresses for subnet in imported.subnets) <= most
        assert imported.flow_logs  # policy-as-code GT1.3: a flow log whose group is subscribed


def test_the_intranet_profile_has_the_boundary_of_gcc() -> None:
    assert settings_of("gcc-intranet").iam.permissions_boundary == "GCCIAccountBoundary"


def test_no_vpc_and_no_gateway_is_made_in_a_compartment(profile: Profile) -> None:
    if profile.settings.network.mode == "import":
        made = {
            "AWS::EC2::VPC",
            "AWS::EC2::Subnet",
            "AWS::EC2::InternetGateway",
            "AWS::EC2::NatGateway",
            "AWS::EC2::Route",
        }
        assert profile.deployment.types() & made == set()


def test_every_network_logs_its_flows_to_a_group_of_ours(profile: Profile) -> None:
    for name, templates in profile.environments():
        groups = {each.name for each in by_type(templates, "AWS::Logs::LogGroup")}
        (log,) = by_type(templates, "AWS::EC2::FlowLog")
        assert log.properties["TrafficType"] == "ALL"
        assert log.properties["LogGroupName"] in groups, name


def test_a_release_touches_only_types_that_its_function_may_update(profile: Profile) -> None:
    # CloudFormation refuses an update of any other type under the release's policy (`cloudformation:ResourceTypes`).
    serving = [
        each for each in profile.deployment.templates.values() if "LiveModelData" in each.body.get("Parameters", {})
    ]
    touched = {
        resource["Type"]
        for template in serving
        for resource in template.body["Resources"].values()
        if "Condition" in resource or any(name in json.dumps(resource) for name in ("LiveModelData", "LiveVersion"))
    }
    assert serving
    assert touched <= set(RESOURCE_TYPES)
