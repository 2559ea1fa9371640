"""`FeatureGroups`: what the code declares is what is deployed, encrypted, and within reach of its own use case only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bench import FEATURE_GROUPS, RULES, SLUG, BenchStack, Stand
from cfn_templates import ACCOUNT, REGION, Deployment, Resource
from identities import Identity

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.ml.feature_declarations import FeatureDeclarationError, load_feature_groups
from govml_constructs.ml.feature_groups import FeatureGroups, FeaturePlaces

REPOSITORY = Path(__file__).resolve().parents[3]
DECLARED = REPOSITORY / "pipeline_code" / "usecases" / "hdb_resale" / "feature_groups.json"
GROUP = "AWS::SageMaker::FeatureGroup"
HISTORY, MARKET = "bench-dev-hdb-resale-block-history-v2", "bench-dev-hdb-resale-market-index-v1"


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


@pytest.fixture
def groups(bench: Mapping[str, Stand]) -> dict[str, Resource]:
    return {each.properties["FeatureGroupName"]: each for each in bench["Features"].all(GROUP)}


@pytest.fixture
def store(bench: Mapping[str, Stand]) -> Identity:
    """Return the role that Feature Store takes."""
    return Identity(bench["Features"].one("AWS::IAM::Role"), bench["Features"].template.all())


@pytest.fixture
def job(bench: Mapping[str, Stand]) -> Identity:
    (role,) = [each for each in bench["Roles"].all("AWS::IAM::Role") if "/Job/" in each.path]
    return Identity(role, bench["Roles"].template.all())


@pytest.fixture
def zone(bench: Mapping[str, Stand]) -> str:
    (bucket,) = [each for each in bench["Lake"].all("AWS::S3::Bucket") if "/Raw/" in each.path]
    return bucket.arn


def test_a_group_is_named_for_its_use_case_and_version(groups: dict[str, Resource]) -> None:
    assert set(groups) == {HISTORY, MARKET}


def test_both_stores_are_encrypted_with_the_given_key(bench: Mapping[str, Stand], groups: dict[str, Resource]) -> None:
    key = bench["DataKey"].one("AWS::KMS::Key").arn
    for group in groups.values():
        assert group.properties["OfflineStoreConfig"]["S3StorageConfig"]["KmsKeyId"] == key
        assert group.properties["OnlineStoreConfig"]["SecurityConfig"] == {"KmsKeyId": key}


def test_the_offline_store_is_an_iceberg_table_in_our_database_under_the_use_case_s_prefix(
    groups: dict[str, Resource], zone: str
) -> None:
    config = groups[HISTORY].properties["OfflineStoreConfig"]
    assert (config["TableFormat"], config["DisableGlueTableCreation"]) == ("Iceberg", False)
    assert config["S3StorageConfig"]["S3Uri"] == f"s3://{zone.rsplit(':', 1)[1]}/{SLUG}"
    assert config["DataCatalogConfig"] == {
        "Catalog": "AwsDataCatalog",
        "Database": "bench_dev",
        "TableName": "hdb_resale_block_history_v2",
    }


def test_records_of_the_online_store_expire_where_that_is_declared(groups: dict[str, Resource]) -> None:
    assert groups[MARKET].properties["OnlineStoreConfig"]["TtlDuration"] == {"Unit": "Days", "Value": 90}
    assert "TtlDuration" not in groups[HISTORY].properties["OnlineStoreConfig"]


def test_features_outlive_the_stack(groups: dict[str, Resource]) -> None:
    assert all(group.kept() for group in groups.values())


def test_feature_store_writes_the_use_case_s_own_prefix_and_no_other(store: Identity, zone: str) -> None:
    assert store.may("s3:PutObject", f"{zone}/{SLUG}/{ACCOUNT}/sagemaker/x.parquet")
    for prefix in ("other", f"{SLUG}-2", f"x{SLUG}"):
        assert not store.may("s3:PutObject", f"{zone}/{prefix}/x.parquet")
    assert not store.may("s3:DeleteObject", f"{zone}/{SLUG}/x.parquet")


def test_feature_store_commits_to_the_use_case_s_own_tables_and_no_other(store: Identity) -> None:
    assert store.may("glue:UpdateTable", arn("glue", "table/bench_dev/hdb_resale_block_history_v2"))
    assert not store.may("glue:UpdateTable", arn("glue", "table/bench_dev/hdb_resale"))
    assert not store.may("glue:DeleteTable", arn("glue", "table/bench_dev/hdb_resale_block_history_v2"))


def test_feature_store_takes_its_role_for_these_groups_only(bench: Mapping[str, Stand]) -> None:
    trust = bench["Features"].one("AWS::IAM::Role").properties["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
    assert trust["Condition"]["ArnLike"]["aws:SourceArn"] == [
        arn("sagemaker", f"feature-group/{name}") for name in (HISTORY, MARKET)
    ]


def test_a_job_writes_and_looks_up_records_of_its_own_groups_only(job: Identity) -> None:
    for action in ("sagemaker:PutRecord", "sagemaker:BatchGetRecord", "sagemaker:DescribeFeatureGroup"):
        assert job.may(action, arn("sagemaker", f"feature-group/{HISTORY}"))
        assert not job.may(action, arn("sagemaker", "feature-group/bench-dev-other-block-history-v2"))
    for action in ("sagemaker:DeleteRecord", "sagemaker:DeleteFeatureGroup", "sagemaker:UpdateFeatureGroup"):
        assert not job.may(action, arn("sagemaker", f"feature-group/{HISTORY}"))
    assert job.may("glue:GetTable", arn("glue", "table/bench_dev/hdb_resale_market_index_v1"))
    assert not job.may("glue:UpdateTable", arn("glue", "table/bench_dev/hdb_resale_market_index_v1"))


def test_a_job_does_not_write_the_offline_store_behind_the_service_s_back(job: Identity, zone: str) -> None:
    assert not job.may("s3:PutObject", f"{zone}/{SLUG}/x.parquet")


# The declarations of the code


def test_what_is_deployed_is_what_the_code_declares(sandbox: Deployment) -> None:
    declared = json.loads(DECLARED.read_text(encoding="utf-8"))["groups"]
    deployed = {each.properties["FeatureGroupName"]: each.properties for each in sandbox.resources(GROUP)}
    assert len(deployed) == len(declared)
    for group in declared:
        made = deployed[f"sandbox-dev-hdb-resale-{group['name'].replace('_', '-')}-v{group['version']}"]
        assert made["Description"] == group["description"]
        assert made["RecordIdentifierFeatureName"] == group["record_identifier"]
        assert made["EventTimeFeatureName"] == group["event_time"]
        assert made["FeatureDefinitions"] == [
            {"FeatureName": each["name"], "FeatureType": each["type"]} for each in group["features"]
        ]
        assert made["OfflineStoreConfig"]["DataCatalogConfig"]["Database"] == "sandbox_dev"


def test_the_sandbox_has_no_online_store(sandbox: Deployment) -> None:
    assert not any("OnlineStoreConfig" in each.properties for each in sandbox.resources(GROUP))


def test_the_database_of_the_tables_is_made_before_them(sandbox: Deployment) -> None:
    (database,) = sandbox.resources("AWS::Glue::Database")
    assert database.properties["DatabaseInput"]["Name"] == "sandbox_dev"
    assert database.path.startswith("sandbox-dev/Data/")


def good() -> dict[str, Any]:
    return json.loads(DECLARED.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda content: content.update(format_version=2), "in format 1"),
        (lambda content: content["groups"][0].pop("features"), "lacks 'features'"),
        (lambda content: content["groups"][0]["features"].pop(1), "has no feature 'event_time'"),
        (lambda content: content["groups"][0]["features"][2].update(type="Text"), "none of String"),
        (lambda content: content["groups"].append(content["groups"][0]), "declared twice"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(tmp_path: Path, edit: Any, message: str) -> None:
    content = good()
    edit(content)
    path = tmp_path / "feature_groups.json"
    path.write_text(json.dumps(content))
    with pytest.raises(FeatureDeclarationError, match=message):
        load_feature_groups(path)


def test_a_file_that_is_not_there_or_no_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeatureDeclarationError, match="cannot read"):
        load_feature_groups(tmp_path / "feature_groups.json")
    (tmp_path / "feature_groups.json").write_text("{")
    with pytest.raises(FeatureDeclarationError, match="not JSON"):
        load_feature_groups(tmp_path / "feature_groups.json")


def make(scratch: BenchStack, bench: Mapping[str, Stand], **changes: Any) -> FeatureGroups:
    statement = Statement("Nothing", ["s3:GetBucketAcl"], ["arn:aws:s3:::b"])
    places = FeaturePlaces(
        bucket=bench["Lake"].construct.buckets["raw"],
        slug=SLUG,
        database="d",
        key=bench["DataKey"].construct.key,
        online=False,
    )
    given = {
        "prefix": "p",
        "groups": FEATURE_GROUPS,
        "places": places,
        "zone_policy": CustomerPolicy(scratch, "Zone", description="d", path="/", statements=[statement]),
        "rules": RULES,
    }
    return FeatureGroups(scratch, "Features", **{**given, **changes})


def test_a_name_that_is_too_long_is_refused(scratch: BenchStack, bench: Mapping[str, Stand]) -> None:
    with pytest.raises(ValueError, match="at most 64 fit"):
        make(scratch, bench, prefix="p" * 50)


def test_a_use_case_without_a_group_is_refused(scratch: BenchStack, bench: Mapping[str, Stand]) -> None:
    with pytest.raises(ValueError, match="no feature group is declared"):
        make(scratch, bench, groups=[])


def test_without_an_online_store_a_job_needs_no_key_of_it(scratch: BenchStack, bench: Mapping[str, Stand]) -> None:
    sids = [statement.sid for statement in make(scratch, bench).job_statements()]
    assert sids == ["UseFeatureRecords", "FindFeatureTables"]


# The pipeline that writes them


def test_a_pipeline_writes_the_groups_with_the_use_case_s_own_jobs(sandbox: Deployment) -> None:
    (pipeline,) = [each for each in sandbox.resources("AWS::SageMaker::Pipeline") if "/FeaturePipeline/" in each.path]
    assert pipeline.properties["PipelineName"] == "sandbox-dev-hdb-resale-features"
    body = json.loads(pipeline.properties["PipelineDefinition"]["PipelineDefinitionBody"])
    write = {step["Name"]: step for step in body["Steps"]}["WriteFeatures"]["Arguments"]
    assert write["AppSpecification"]["ContainerArguments"] == [
        "features",
        "--use-case",
        "hdb_resale",
        "--store",
        "sagemaker",
        "--prefix",
        "sandbox-dev-hdb-resale",
    ]
    names = {each.properties["FeatureGroupName"] for each in sandbox.resources(GROUP)}
    assert all(name.startswith("sandbox-dev-hdb-resale-") for name in names)
    roles = [each for each in sandbox.resources("AWS::IAM::Role") if "/UseCase-hdb-resale/Roles/Job/" in each.path]
    assert [write["RoleArn"]] == [role.arn for role in roles]


def test_it_runs_on_the_schedule_of_the_training(sandbox: Deployment) -> None:
    expressions = {
        each.properties["ScheduleExpression"]
        for each in sandbox.resources("AWS::Scheduler::Schedule")
        if "/UseCase-hdb-resale/" in each.path
    }
    assert expressions == {"cron(0 18 1 * ? *)"}
    assert [each for each in sandbox.resources("AWS::Scheduler::Schedule") if "/FeatureSchedule/" in each.path]


def test_a_failed_run_of_it_is_told(sandbox: Deployment) -> None:
    named = [each.properties.get("Dimensions") for each in sandbox.resources("AWS::CloudWatch::Alarm")]
    assert [{"Name": "PipelineName", "Value": "sandbox-dev-hdb-resale-features"}] in named
    patterns = [json.dumps(each.properties.get("EventPattern")) for each in sandbox.resources("AWS::Events::Rule")]
    assert any("pipeline/sandbox-dev-hdb-resale-features" in pattern for pattern in patterns)
