"""`GrafanaWorkspace` and `DashboardPublisher`: reached from the network alone, reading alone, tokens of one workspace."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from bench import Stand
from cfn_templates import ACCOUNT, REGION, Resource, Template
from identities import Identity
from profiles import Profile

WORKSPACE = "AWS::Grafana::Workspace"


def test_it_is_reached_by_one_endpoint_and_named_addresses_alone(bench: Mapping[str, Stand]) -> None:
    properties = bench["Grafana"].one(WORKSPACE).properties
    assert properties["NetworkAccessControl"] == {
        "VpceIds": ["vpce-0123456789abcdef0"],
        "PrefixListIds": ["pl-0123456789abcdef0"],
    }


def test_it_asks_its_data_sources_from_the_private_subnets(bench: Mapping[str, Stand]) -> None:
    place = bench["Grafana"].one(WORKSPACE).properties["VpcConfiguration"]
    assert len(place["SubnetIds"]) >= 2
    assert len(place["SecurityGroupIds"]) == 1


def test_the_agency_s_provider_signs_people_in_and_the_version_is_pinned(bench: Mapping[str, Stand]) -> None:
    properties = bench["Grafana"].one(WORKSPACE).properties
    assert properties["AuthenticationProviders"] == ["SAML"]
    assert properties["SamlConfiguration"]["RoleValues"] == {"Admin": ["admins"], "Editor": ["leads"]}
    assert properties["GrafanaVersion"] == "10.4"
    assert properties["PluginAdminEnabled"] is False


def test_its_role_is_ours_and_reads_figures_alone(bench: Mapping[str, Stand]) -> None:
    stand = bench["Grafana"]
    assert stand.one(WORKSPACE).properties["PermissionType"] == "CUSTOMER_MANAGED"
    role = Identity(stand.one("AWS::IAM::Role"), stand.all())
    prometheus = f"arn:aws:aps:{REGION}:{ACCOUNT}:workspace/ws-1"
    assert role.may("cloudwatch:GetMetricData", "*")
    assert role.may("aps:QueryMetrics", prometheus)
    assert not role.may("aps:QueryMetrics", f"{prometheus}0")
    assert not role.may("aps:RemoteWrite", prometheus)
    assert not role.may("logs:StartQuery", "*")
    assert not role.may("cloudwatch:PutDashboard", "*")


def test_only_this_account_s_workspaces_take_the_role(bench: Mapping[str, Stand]) -> None:
    (statement,) = bench["Grafana"].one("AWS::IAM::Role").properties["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "grafana.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": [f"arn:aws:grafana:{REGION}:{ACCOUNT}:/workspaces/*"]},
    }


def publisher(bench: Mapping[str, Stand]) -> Identity:
    stand = bench["Publisher"]
    return Identity(stand.one("AWS::IAM::Role"), stand.template.all())


def test_it_makes_tokens_of_this_workspace_alone(bench: Mapping[str, Stand]) -> None:
    id_ = bench["Grafana"].one(WORKSPACE).properties["Name"]
    assert id_ == "bench-grafana"
    statements = [
        each
        for policy in bench["Publisher"].all("AWS::IAM::ManagedPolicy")
        for each in policy.properties["PolicyDocument"]["Statement"]
        if each["Sid"] == "MakeTokens"
    ]
    (statement,) = statements
    (arn,) = statement["Resource"]
    assert arn.startswith(f"arn:aws:grafana:{REGION}:{ACCOUNT}:/workspaces/")
    assert "*" not in arn
    assert publisher(bench).may("grafana:CreateWorkspaceServiceAccountToken", arn)
    assert not publisher(bench).may("grafana:UpdateWorkspace", arn)


def test_deployments_and_the_clock_call_it_and_nobody_else(bench: Mapping[str, Stand]) -> None:
    stand = bench["Publisher"]
    rules = {each.arn: each.properties for each in stand.all("AWS::Events::Rule")}
    patterns = [each["EventPattern"] for each in rules.values() if "EventPattern" in each]
    assert patterns[0]["detail"]["status-details"] == {"status": ["CREATE_COMPLETE", "UPDATE_COMPLETE"]}
    assert [each["ScheduleExpression"] for each in rules.values() if "ScheduleExpression" in each] == ["rate(1 day)"]
    permissions = [each.properties for each in stand.all("AWS::Lambda::Permission")]
    assert {each["Principal"] for each in permissions} == {"events.amazonaws.com"}
    assert len(permissions) == len(rules) == 2


def of(templates: list[Template], kind: str) -> list[Resource]:
    return [each for template in templates for each in template.all(kind)]


@pytest.mark.parametrize("profile", ["agency-managed"], indirect=True)
def test_one_environment_has_it_with_its_endpoints_and_its_group(profile: Profile) -> None:
    harbour = dict(profile.environments())
    assert {name: len(of(templates, WORKSPACE)) for name, templates in harbour.items()} == {
        "dev": 0,
        "uat": 0,
        "prod": 1,
    }
    endpoints = {
        name: {
            str(each.properties["ServiceName"]).rpartition(".")[2] for each in of(templates, "AWS::EC2::VPCEndpoint")
        }
        for name, templates in harbour.items()
    }
    assert {"grafana", "grafana-workspace"} <= endpoints["prod"]
    assert not {"grafana", "grafana-workspace"} & endpoints["dev"]
    (workspace,) = of(harbour["prod"], WORKSPACE)
    (door,) = [
        each
        for each in of(harbour["prod"], "AWS::EC2::VPCEndpoint")
        if str(each.properties["ServiceName"]).endswith(".grafana-workspace")
    ]
    assert workspace.properties["NetworkAccessControl"]["VpceIds"] == [door.name]
    assert "PolicyDocument" not in door.properties  # browsers sign nothing, so that a policy could name nobody


def test_the_archive_holds_code_dashboards_and_what_the_agency_promises(tmp_path: Path) -> None:
    from govml.settings import load_settings
    from stacks.environment.context import EnvironmentContext
    from stacks.telemetry.grafana import archive

    repository = Path(__file__).resolve().parents[3]
    settings = load_settings(repository / "config" / "agency-managed.yaml")
    context = EnvironmentContext(settings=settings, environment_name="prod", config_path="x")
    assert settings.seen_by_grafana("prod") == ["prod"]  # the others are in accounts of their own
    with zipfile.ZipFile(archive(context)) as packed:
        names = set(packed.namelist())
        filled = json.loads(packed.read("govml/grafana/agency.json"))
    assert "govml/grafana/publishing/handler.py" in names
    assert len([each for each in names if each.startswith("govml/grafana/dashboards/")]) == 8
    assert not [each for each in names if "authoring" in each]
    assert filled["prefixes"] == ["harbour-prod"]
    assert 'vector(0.005), "job", "harbour-prod-hdb-resale"' in filled["budgets"]
