"""`LakeFormation`: nothing is open by default; people see tables by their tags, and bad rows are for data engineers only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bench import BenchStack, Stand
from cfn_templates import ACCOUNT, REGION, Resource
from identities import Identity
from profiles import Profile

from govml.identity.key_users import PERSONA_PLACES
from govml_constructs.storage.lake_formation import ZONES
from stacks.data.data_grants import GRANTS

ROLE = f"arn:aws:iam::{ACCOUNT}:role/{{}}"


def grants(bench: Mapping[str, Stand], role: str) -> dict[str, dict[str, Any]]:
    """Return the grants of a role: `TABLE` or `DATABASE` -> properties."""
    found = [each.properties for each in bench["Formation"].all("AWS::LakeFormation::PrincipalPermissions")]
    mine = [each for each in found if each["Principal"]["DataLakePrincipalIdentifier"] == ROLE.format(role)]
    return {each["Resource"]["LFTagPolicy"]["ResourceType"]: each for each in mine}


def zones(grant: dict[str, Any]) -> set[str]:
    (expression,) = grant["Resource"]["LFTagPolicy"]["Expression"]
    assert expression["TagKey"] == "bench-dev-zone"
    return set(expression["TagValues"])


def test_new_databases_and_tables_are_open_to_nobody_by_default(bench: Mapping[str, Stand]) -> None:
    settings = bench["Formation"].one("AWS::LakeFormation::DataLakeSettings").properties
    assert settings["CreateDatabaseDefaultPermissions"] == settings["CreateTableDefaultPermissions"] == []
    assert settings["Admins"] == [{"DataLakePrincipalIdentifier": ROLE.format("lake-admin")}]


def test_a_role_is_let_in_by_the_tag_of_its_zones(bench: Mapping[str, Stand]) -> None:
    scientist, engineer = grants(bench, "scientist"), grants(bench, "engineer")
    assert (zones(scientist["TABLE"]), scientist["TABLE"]["Permissions"]) == ({"curated"}, ["DESCRIBE", "SELECT"])
    assert zones(engineer["TABLE"]) == {"curated", "quarantine"}
    assert scientist["DATABASE"]["Permissions"] == ["DESCRIBE"]


def test_nobody_may_pass_a_permission_on(bench: Mapping[str, Stand]) -> None:
    for each in bench["Formation"].all("AWS::LakeFormation::PrincipalPermissions"):
        assert each.properties["PermissionsWithGrantOption"] == []
        assert "ALL" not in each.properties["Permissions"]


def test_tables_of_bad_rows_have_a_tag_of_their_own(bench: Mapping[str, Stand]) -> None:
    tagged = {
        "table" if "Table" in each.properties["Resource"] else "database": {
            pair["TagKey"]: pair["TagValues"] for pair in each.properties["LFTags"]
        }
        for each in bench["Formation"].all("AWS::LakeFormation::TagAssociation")
    }
    assert tagged == {
        "database": {"bench-dev-zone": ["curated"], "bench-dev-classification": ["restricted"]},
        "table": {"bench-dev-zone": ["quarantine"]},
    }


def test_a_role_of_its_own_reads_the_location_for_those_it_lets_in(bench: Mapping[str, Stand]) -> None:
    stand = bench["Formation"]
    location = stand.one("AWS::LakeFormation::Resource").properties
    role = Identity(stand.one("AWS::IAM::Role"), stand.template.all())
    assert location["UseServiceLinkedRole"] is False
    assert location["RoleArn"] == role.arn
    assert role.assumed_by("lakeformation.amazonaws.com")
    assert not role.assumed_by("lakeformation.amazonaws.com", account="9" * 12)
    assert role.may("s3:GetObject", f"{location['ResourceArn']}/sales/table/data/x.parquet")
    assert not role.may("s3:PutObject", f"{location['ResourceArn']}/sales/table/data/x.parquet")
    key = bench["DataKey"].one("AWS::KMS::Key").arn
    assert role.may("kms:Decrypt", key, {"kms:ViaService": f"s3.{REGION}.amazonaws.com"})
    assert not role.may("kms:Decrypt", key)


def test_ingestion_may_make_tables_and_is_given_no_other_s(scratch: BenchStack, bench: Mapping[str, Stand]) -> None:
    bench["Formation"].construct.let_make_tables(scratch, "Ingest", ROLE.format("ingest"))
    made = [child for child in scratch.node.children if child.node.id.startswith("Ingest")]
    assert [list(child.permissions) for child in made] == [["CREATE_TABLE", "DESCRIBE"], ["DATA_LOCATION_ACCESS"]]


def formation(profile: Profile) -> list[Resource]:
    """Resources of the data stacks of a profile that has Lake Formation; the others are skipped."""
    if not profile.settings.switches.lake_formation:
        pytest.skip("Lake Formation is off")
    return [each for _, templates in profile.environments() for one in templates for each in one.all()]


def test_only_data_engineers_of_a_profile_read_bad_rows_and_nobody_s_grant_writes(profile: Profile) -> None:
    found: dict[str, set[str]] = {}
    for each in formation(profile):
        policy = (
            each.properties.get("Resource", {}).get("LFTagPolicy", {})
            if each.type.endswith("PrincipalPermissions")
            else {}
        )
        if policy.get("ResourceType") != "TABLE":
            continue
        assert set(each.properties["Permissions"]) <= {"DESCRIBE", "SELECT"}
        if "SELECT" in each.properties["Permissions"]:
            persona = str(each.properties["Principal"]["DataLakePrincipalIdentifier"]).rsplit(".", 1)[-1].split(".")[0]
            found.setdefault(persona, set()).update(policy["Expression"][0]["TagValues"])
    readers = {name: seen for name, seen in found.items() if "quarantine" in seen}
    assert len(found) >= 3
    assert len(readers) * 3 == len(found)


def test_databases_and_tags_wait_for_the_closed_defaults(profile: Profile) -> None:
    resources = formation(profile)
    settings = {each.logical_id for each in resources if each.type == "AWS::LakeFormation::DataLakeSettings"}
    waiting = [each for each in resources if each.type in ("AWS::Glue::Database", "AWS::LakeFormation::Tag")]
    assert settings
    assert waiting
    for each in waiting:
        assert settings & set(each.body["DependsOn"]), each.path
        if each.type == "AWS::Glue::Database":
            assert each.properties["DatabaseInput"]["CreateTableDefaultPermissions"] == []


def test_every_role_for_people_has_its_grant() -> None:
    assert set(GRANTS) == set(PERSONA_PLACES)
    assert all(set(zones_) <= set(ZONES) for _, zones_ in GRANTS.values())
