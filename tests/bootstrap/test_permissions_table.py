"""What stands in the permission tables is about types and properties that exist, and every type in use is known."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from all_types import template
from assemblies import assemble

from govml.bootstrap.assembly import read_stacks
from govml.bootstrap.permissions import needs
from govml.bootstrap.place import target
from govml.bootstrap.policy import collect
from govml.errors import UserError
from govml.resource_schemas import resource_schema
from govml.settings import load_settings

REPOSITORY = Path(__file__).resolve().parents[2]
REGION = "ap-southeast-1"
DATA = REPOSITORY / "govml" / "bootstrap" / "data"
PERMISSIONS: dict[str, Any] = tomllib.loads((DATA / "permissions.toml").read_text())
NAMES: dict[str, Any] = tomllib.loads((DATA / "names.toml").read_text())
PROFILES = sorted((REPOSITORY / "config").glob("*.yaml"))


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.stem)
def test_every_type_of_every_profile_is_known(profile: Path) -> None:
    settings = load_settings(profile)
    stacks = read_stacks(assemble(profile))
    for environment in settings.environments:
        assert collect(stacks, target(settings, environment)).actions


@pytest.mark.parametrize("resource_type", sorted({each["Type"] for each in template()["Resources"].values()}))
def test_every_type_that_the_local_account_knows_is_known(resource_type: str) -> None:
    stated = [each for each in template()["Resources"].values() if each["Type"] == resource_type]
    assert needs(resource_type, stated, REGION).actions or resource_type in PERMISSIONS["no_service"]


@pytest.mark.parametrize("resource_type", sorted(PERMISSIONS["types"]))
def test_an_entry_is_about_what_exists(resource_type: str) -> None:
    entry = PERMISSIONS["types"][resource_type]
    assert set(entry) <= {"add", "never", "only_with", "passes_to", "linked_roles", "why"}
    properties = resource_schema(resource_type, REGION)["properties"]
    for path in entry.get("only_with", {}):
        assert path.partition(".")[0] in properties, path
    for action in entry.get("add", []):
        assert re.fullmatch(r"[a-z0-9-]+:[A-Z][A-Za-z0-9]+", action), action
    for principal in [*entry.get("passes_to", []), *entry.get("linked_roles", [])]:
        assert re.fullmatch(r"[a-z0-9.-]+\.amazonaws\.com", principal), principal
    if "add" in entry or "never" in entry:
        assert entry.get("why"), "say where that comes from"


@pytest.mark.parametrize("resource_type", sorted(NAMES["types"]))
def test_a_name_property_exists(resource_type: str) -> None:
    entry = NAMES["types"][resource_type]
    assert entry.get("property", "").partition(".")[0] in {"", *resource_schema(resource_type, REGION)["properties"]}
    for arn in entry["arns"]:
        assert ("{name}" in arn or "{bare}" in arn) or arn.endswith("*")


def test_a_type_that_aws_does_not_describe_is_refused_by_name() -> None:
    with pytest.raises(UserError, match="AWS::Nonsense::Thing") as caught:
        needs("AWS::Nonsense::Thing", [], REGION)
    assert "permissions.toml" in str(caught.value)


def test_a_type_that_passes_a_role_to_nobody_known_is_refused() -> None:
    with pytest.raises(UserError, match="to which service AWS::ECS::Service passes a role"):
        needs("AWS::ECS::Service", [{"Type": "AWS::ECS::Service"}], REGION)


def test_optional_permissions_follow_the_stated_properties() -> None:
    plain = {"Type": "AWS::Lambda::Function", "Properties": {"Code": {}}}
    in_vpc = {"Type": "AWS::Lambda::Function", "Properties": {"Code": {}, "VpcConfig": {"SubnetIds": ["subnet-1"]}}}
    assert "ec2:DescribeSubnets" not in needs(plain["Type"], [plain], REGION).actions
    assert "ec2:DescribeSubnets" in needs(plain["Type"], [plain, in_vpc], REGION).actions


def test_a_custom_resource_needs_its_function_only() -> None:
    assert needs("Custom::Anything", [], REGION).actions == {"lambda:InvokeFunction"}
