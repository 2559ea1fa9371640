"""Ingestion as it stands in the templates: each source's pipeline filled, started and watched; fetching let out alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from cfn_templates import ACCOUNT, REGION, Deployment, Resource, read_deployment
from identities import Identity

import app as entry
from govml_constructs.validation.nag_packs import register_packs

AGENCY = Path(__file__).parents[1] / "agencies" / "fetching.yaml"
PIPELINE = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline"


@pytest.fixture(scope="module")
def fetching(new_app: Callable[..., App], tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """An agency with a fetched source, judged by both nag packs."""
    folder = tmp_path_factory.mktemp("fetching")
    app = new_app(folder, config=str(AGENCY))
    register_packs(app)
    entry.build(app)
    app.synth()
    return read_deployment(folder)


def one(deployment: Deployment, kind: str, part: str) -> Resource:
    (found,) = [each for each in deployment.resources(kind) if part in each.path]
    return found


def definition(deployment: Deployment, part: str) -> dict[str, Any]:
    pipeline = one(deployment, "AWS::SageMaker::Pipeline", part)
    body: dict[str, Any] = json.loads(pipeline.properties["PipelineDefinition"]["PipelineDefinitionBody"])
    return body


def arguments(body: dict[str, Any], step: str) -> dict[str, Any]:
    (found,) = [each["Arguments"] for each in body["Steps"] if each["Name"] == step]
    request: dict[str, Any] = found
    return request


def bucket(deployment: Deployment, zone: str) -> str:
    return one(deployment, "AWS::S3::Bucket", f"/Lake/{zone}/").name


def job(deployment: Deployment, part: str) -> Identity:
    return Identity(one(deployment, "AWS::IAM::Role", part), list(deployment.resources()))


def test_the_job_is_told_where_everything_is(sandbox: Deployment) -> None:
    request = arguments(definition(sandbox, "/Ingestion/HdbResale/Pipeline"), "Ingest")
    assert request["AppSpecification"]["ContainerArguments"] == [
        "ingest",
        *("--source", "hdb_resale"),
        *("--raw", f"s3://{bucket(sandbox, 'Raw')}/hdb-resale"),
        *("--curated", f"s3://{bucket(sandbox, 'Curated')}/hdb-resale"),
        *("--catalogue", "glue"),
        *("--database", "sandbox_dev"),
    ]
    assert "${" not in json.dumps(request)


def test_the_database_is_the_one_that_is_made(sandbox: Deployment) -> None:
    (database,) = sandbox.resources("AWS::Glue::Database")
    assert database.properties["DatabaseInput"]["Name"] == "sandbox_dev"
    ingest = job(sandbox, "/Ingestion/HdbResale/Roles/Job/")
    glue = f"arn:aws:glue:{REGION}:{ACCOUNT}"
    assert ingest.may("glue:UpdateTable", f"{glue}:table/sandbox_dev/hdb_resale")
    assert not ingest.may("glue:UpdateTable", f"{glue}:table/sandbox_dev/other")


def test_the_job_reaches_its_code_and_runs_in_the_vpc(sandbox: Deployment) -> None:
    request = arguments(definition(sandbox, "/Ingestion/HdbResale/Pipeline"), "Ingest")
    (code,) = [each["S3Input"]["S3Uri"] for each in request["ProcessingInputs"]]
    ingest = job(sandbox, "/Ingestion/HdbResale/Roles/Job/")
    assert request["RoleArn"] == ingest.arn
    assert ingest.may("s3:GetObject", code.replace("s3://", "arn:aws:s3:::"))
    subnets = {each.name for each in sandbox.resources("AWS::EC2::Subnet")}
    assert set(request["NetworkConfig"]["VpcConfig"]["Subnets"]) == subnets


def test_a_source_without_fetch_has_no_pipeline_for_it(sandbox: Deployment) -> None:
    assert not [each for each in sandbox.resources("AWS::SageMaker::Pipeline") if "/Fetch" in each.path]
    assert not [each for each in sandbox.resources("AWS::IAM::ManagedPolicy") if "Fetch" in each.path]


def test_only_the_raw_zone_announces_its_objects(sandbox: Deployment) -> None:
    announced = [
        each.path for each in sandbox.resources("AWS::S3::Bucket") if "NotificationConfiguration" in each.properties
    ]
    assert [path.split("/")[3] for path in announced] == ["Raw"]


def test_the_sweep_starts_the_pipeline_every_night(sandbox: Deployment) -> None:
    schedule = one(sandbox, "AWS::Scheduler::Schedule", "/Ingestion/HdbResale/")
    assert schedule.properties["ScheduleExpression"] == "cron(0 19 * * ? *)"
    assert schedule.properties["Target"]["Arn"] == f"{PIPELINE}/sandbox-dev-ingest-hdb-resale"


def test_a_failed_run_is_told_and_alarmed(sandbox: Deployment) -> None:
    alert = one(sandbox, "AWS::Events::Rule", "/FailedRuns/")
    arns = alert.properties["EventPattern"]["detail"]["pipelineArn"]
    assert f"{PIPELINE}/sandbox-dev-ingest-hdb-resale" in arns
    assert f"{PIPELINE}/sandbox-dev-hdb-resale" in arns


def test_the_figures_of_the_job_are_watched(sandbox: Deployment) -> None:
    alarms = {
        each.properties["MetricName"]: each.properties
        for each in sandbox.resources("AWS::CloudWatch::Alarm")
        if each.properties.get("Namespace") == "GovML/Ingestion"
    }
    assert set(alarms) == {"RowsQuarantined", "FilesRefused", "AgeDays"}
    for alarm in alarms.values():
        assert alarm["Dimensions"] == [{"Name": "DataSource", "Value": "hdb_resale"}]
        assert "docs/operations/ingestion.md" in alarm["AlarmDescription"]
    assert alarms["AgeDays"]["Threshold"] == 76, "older than the contract's 75 days"
    assert alarms["AgeDays"]["Period"] * alarms["AgeDays"]["EvaluationPeriods"] <= 86_400  # CloudWatch's limit


def test_events_that_are_stuck_or_laid_aside_are_alarmed(sandbox: Deployment) -> None:
    queues = {each.path: each for each in sandbox.resources("AWS::SQS::Queue") if "/Ingestion/Trigger/" in each.path}
    watched = {
        each.properties["Dimensions"][0]["Value"]: each.properties["MetricName"]
        for each in sandbox.resources("AWS::CloudWatch::Alarm")
        if each.properties.get("Namespace") == "AWS/SQS" and "Ingestion" in each.path
    }
    assert len(queues) == len(watched) == 2
    assert set(watched.values()) == {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"}


def test_training_reads_the_curated_table_by_its_manifest(sandbox: Deployment) -> None:
    body = definition(sandbox, "/UseCase-hdb-resale/Training/")
    inputs = arguments(body, "Validate")["ProcessingInputs"]
    (raw,) = [each["S3Input"] for each in inputs if each["InputName"] == "raw"]
    defaults = {each["Name"]: each.get("DefaultValue") for each in body["Parameters"]}
    curated = bucket(sandbox, "Curated")
    assert raw["S3DataType"] == "ManifestFile"
    assert defaults["InputDataUri"] == f"s3://{curated}/hdb-resale/manifests/latest.manifest"
    trained = job(sandbox, "/UseCase-hdb-resale/Roles/Job/")
    assert trained.may("s3:GetObject", f"arn:aws:s3:::{curated}/hdb-resale/table/data/a.parquet")
    assert not trained.may("s3:GetObject", f"arn:aws:s3:::{curated}/hdb-resale/quarantine/a.parquet")
    assert not trained.may("s3:GetObject", f"arn:aws:s3:::{bucket(sandbox, 'Raw')}/hdb-resale/a.csv")


def test_without_ingestion_training_reads_what_was_delivered(new_app: Callable[..., App], tmp_path: Path) -> None:
    config = tmp_path / "agency.yaml"
    text = re.sub(r"fetch: [^,]*, ", "", AGENCY.read_text())
    config.write_text(text.replace("data:\n", "features: {ingestion: false}\ndata:\n"))
    app = new_app(tmp_path / "out", config=str(config))
    entry.build(app)
    app.synth()
    deployment = read_deployment(tmp_path / "out")
    body, raw = definition(deployment, "/UseCase-resale-value/Training/"), bucket(deployment, "Raw")
    (read,) = [
        each["S3Input"] for each in arguments(body, "Validate")["ProcessingInputs"] if each["InputName"] == "raw"
    ]
    assert read["S3DataType"] == "S3Prefix"
    assert f"s3://{raw}/hdb-resale" in [each.get("DefaultValue") for each in body["Parameters"]]
    assert job(deployment, "/Roles/Job/").may("s3:GetObject", f"arn:aws:s3:::{raw}/hdb-resale/a.csv")
    assert not [name for name in deployment.templates if name.endswith("/Ingestion")]
    assert not [
        each for each in deployment.resources("AWS::S3::Bucket") if "NotificationConfiguration" in each.properties
    ]


def test_a_model_of_another_name_reads_its_source_s_table(fetching: Deployment) -> None:
    trained, curated = job(fetching, "/UseCase-resale-value/Roles/Job/"), bucket(fetching, "Curated")
    assert trained.may("s3:GetObject", f"arn:aws:s3:::{curated}/hdb-resale/table/a.parquet")
    assert not trained.may("s3:GetObject", f"arn:aws:s3:::{curated}/resale-value/table/a.parquet")
    assert trained.may("s3:PutObject", f"arn:aws:s3:::{bucket(fetching, 'Artifacts')}/resale-value/runs/1/model.tar.gz")


def test_the_source_s_settings_are_the_defaults(fetching: Deployment) -> None:
    defaults = {
        each["Name"]: each["DefaultValue"] for each in definition(fetching, "/HdbResale/Pipeline")["Parameters"]
    }
    assert defaults == {"InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 50}
    schedules = {
        each.properties["Target"]["Arn"]: each.properties["ScheduleExpression"]
        for each in fetching.resources("AWS::Scheduler::Schedule")
    }
    assert schedules[f"{PIPELINE}/fetcher-dev-ingest-hdb-resale"] == "rate(12 hours)"
    assert schedules[f"{PIPELINE}/fetcher-dev-fetch-hdb-resale"] == "cron(0 20 2 * ? *)"


def test_of_all_jobs_fetching_alone_has_a_way_out(fetching: Deployment) -> None:
    fetch = arguments(definition(fetching, "/HdbResale/FetchPipeline"), "Fetch")["NetworkConfig"]["VpcConfig"]
    ingest = arguments(definition(fetching, "/HdbResale/Pipeline"), "Ingest")["NetworkConfig"]["VpcConfig"]
    tier = one(fetching, "AWS::EC2::SecurityGroup", "/FetchTier/")
    assert fetch["SecurityGroupIds"] == [tier.name]
    assert tier.name not in ingest["SecurityGroupIds"]
    assert not set(fetch["Subnets"]) & set(ingest["Subnets"])
    outward = {
        each.properties["GroupId"].removesuffix(".GroupId")
        for each in fetching.resources("AWS::EC2::SecurityGroupEgress")
        if "DestinationPrefixListId" in each.properties
    } | {
        each.name
        for each in fetching.resources("AWS::EC2::SecurityGroup")
        if any("DestinationPrefixListId" in rule for rule in each.properties.get("SecurityGroupEgress", []))
    }
    builds = one(fetching, "AWS::EC2::SecurityGroup", "/BuildTier/")  # the file lets them out too
    assert outward == {tier.name, builds.name}


def test_only_fetching_may_open_interfaces_where_there_is_a_way_out(fetching: Deployment) -> None:
    fetch = arguments(definition(fetching, "/HdbResale/FetchPipeline"), "Fetch")["NetworkConfig"]["VpcConfig"][
        "Subnets"
    ]
    for part, allowed in (
        ("/HdbResale/FetchRoles/Job/", True),
        ("/HdbResale/Roles/Job/", False),
        ("/UseCase-resale-value/Roles/Job/", False),
    ):
        for subnet in fetch:
            arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/{subnet}"
            assert job(fetching, part).may("ec2:CreateNetworkInterface", arn) is allowed, part
