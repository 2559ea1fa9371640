"""`SourceTables` and `ZoneLifecycle`: quarantine and history can be queried; objects grow old as the class of the data says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from bench import Stand
from cfn_templates import Deployment

from govml.contracts import CHANGE, ORIGIN, QUARANTINE, read_contract
from govml.errors import UserError
from govml.settings.classification import HANDLING
from govml_constructs.storage.zone_lifecycle import ZoneLifecycle

REPOSITORY = Path(__file__).resolve().parents[3]
CONTRACT = """
[dataset]
name = "sales"
title = "Sales"
[[columns]]
name = "month"
kind = "month"
[[columns]]
name = "price"
kind = "decimal"
since = 2
description = "In dollars"
"""


def tables(stand: Stand) -> dict[str, dict[str, Any]]:
    inputs = [each.properties["TableInput"] for each in stand.all("AWS::Glue::Table")]
    return {each["Name"]: each for each in inputs}


def test_each_table_shows_the_files_of_its_own_folder(bench: Mapping[str, Stand]) -> None:
    found = tables(bench["SourceTables"])
    assert {name: each["StorageDescriptor"]["Location"] for name, each in found.items()} == {
        "sales_quarantine": "s3://curated/sales/quarantine/",
        "sales_history": "s3://curated/sales/history/",
    }
    assert found["sales_history"]["StorageDescriptor"]["Columns"] == [
        {"Name": "price", "Type": "double", "Comment": "Price in dollars"},
        {"Name": "change", "Type": "string"},
    ]


def test_tables_are_kept_when_their_stack_goes(bench: Mapping[str, Stand]) -> None:
    assert all(each.kept() for each in bench["SourceTables"].all("AWS::Glue::Table"))


def test_no_template_makes_the_curated_table(sandbox: Deployment) -> None:
    """CloudFormation would put the pointer to the table's newest state back (docs/adr/0016)."""
    found = [each.properties["TableInput"] for each in sandbox.templates["sandbox-dev/Data"].all("AWS::Glue::Table")]
    assert {each["Name"] for each in found} == {"hdb_resale_quarantine", "hdb_resale_history"}
    assert not any("table_type" in each.get("Parameters", {}) for each in found)


def test_the_tables_have_the_contract_s_columns(sandbox: Deployment) -> None:
    found = {
        each.properties["TableInput"]["Name"]: [
            column["Name"] for column in each.properties["TableInput"]["StorageDescriptor"]["Columns"]
        ]
        for each in sandbox.templates["sandbox-dev/Data"].all("AWS::Glue::Table")
    }
    columns = list(read_contract("hdb_resale", REPOSITORY / "pipeline_code/data_sources/hdb_resale").columns)
    assert found["hdb_resale_history"] == [*columns, *ORIGIN, *CHANGE]
    assert found["hdb_resale_quarantine"] == list(QUARANTINE)


def contract(folder: Path, text: str) -> Path:
    path = folder / "data_sources" / "sales"
    path.mkdir(parents=True)
    (path / "contract.toml").write_text(text)
    return path


def test_a_contract_is_read(tmp_path: Path) -> None:
    found = read_contract("sales", contract(tmp_path, CONTRACT))
    assert dict(found.columns) == {"month": ("string", ""), "price": ("double", "In dollars")}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda text: text.replace('"decimal"', '"float"'),
            "data_sources/sales/contract.toml: 'float' is missing or unknown",
        ),
        (lambda text: text.replace("[dataset]", "[data"), "cannot be read"),
        (lambda text: text.replace('name = "sales"', 'name = "sails"'), "dataset.name is 'sails'"),
        (lambda text: text.replace('"price"', '"delivery_id"'), "column 'delivery_id' is a name that ingestion gives"),
        (lambda text: text.replace('title = "Sales"', ""), "'title' is missing"),
    ],
)
def test_a_wrong_contract_is_refused_with_its_place(tmp_path: Path, change: Callable[[str], str], message: str) -> None:
    with pytest.raises(UserError) as refusal:
        read_contract("sales", contract(tmp_path, change(CONTRACT)))
    assert message in str(refusal.value)


def test_a_source_without_a_contract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"data\.sources\.sales: there is no data_sources/sales/contract\.toml"):
        read_contract("sales", tmp_path / "data_sources" / "sales")


def test_objects_move_and_go_as_the_zone_s_rules_say(bench: Mapping[str, Stand]) -> None:
    (raw,) = [each for each in bench["Lake"].all("AWS::S3::Bucket") if "/Raw/" in each.path]
    rules = {rule["Id"]: rule for rule in raw.properties["LifecycleConfiguration"]["Rules"]}
    assert rules["cool-all"]["Transitions"] == [{"StorageClass": "STANDARD_IA", "TransitionInDays": 90}]
    assert "ExpirationInDays" not in rules["cool-all"]  # what was delivered is never deleted
    assert rules["expire-athena-results"]["ExpirationInDays"] == 7
    assert rules["expire-athena-results"]["Prefix"] == "athena-results/"


def test_what_has_expired_does_not_live_on_as_a_version(bench: Mapping[str, Stand]) -> None:
    """The bucket is versioned: an expiry alone would keep every result as long as overwritten data is kept."""
    (raw,) = [each for each in bench["Lake"].all("AWS::S3::Bucket") if "/Raw/" in each.path]
    rules = {rule["Id"]: rule for rule in raw.properties["LifecycleConfiguration"]["Rules"]}
    assert rules["expire-athena-results"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert "NoncurrentVersionExpiration" not in rules["cool-all"]  # what was delivered keeps its versions


def test_impossible_lifecycles_are_refused() -> None:
    with pytest.raises(ValueError, match="after 30 days"):
        ZoneLifecycle(cool_after={"x/": 29})
    with pytest.raises(ValueError, match="after a day"):
        ZoneLifecycle(expire_after={"x/": 0})


def test_the_stricter_the_class_the_longer_the_data_and_the_shorter_its_copies_are_kept() -> None:
    order = [HANDLING[name] for name in ("official-open", "official-closed", "restricted", "confidential")]
    assert [each.cool_after_days for each in order] == sorted(each.cool_after_days for each in order)
    assert [each.query_result_days for each in order] == sorted(
        (each.query_result_days for each in order), reverse=True
    )
    assert min(each.cool_after_days for each in order) >= 30


def test_the_class_decides_in_the_templates(sandbox: Deployment) -> None:
    buckets = {
        each.path.split("/Lake/")[1].split("/")[0]: each.properties
        for each in sandbox.templates["sandbox-dev/Data"].all("AWS::S3::Bucket")
    }
    rules = {
        zone: {rule["Id"]: rule for rule in each["LifecycleConfiguration"]["Rules"]} for zone, each in buckets.items()
    }
    handling = HANDLING["official-open"]
    assert rules["Curated"]["expire-athena-results"]["ExpirationInDays"] == handling.query_result_days
    moved = rules["Curated"]["cool-hdb-resale-deliveries"]
    assert moved["Prefix"] == "hdb-resale/deliveries/"
    assert moved["Transitions"][0]["TransitionInDays"] == handling.cool_after_days
    assert "cool-all" in rules["Raw"]
