"""The deployed pipeline, run for real in the local account: sample data to an answered prediction."""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from govml.cli.main import govml
from govml.execution.isolation import find_isolation
from govml.execution.record import RunRecord, RunStore, Status
from govml.local import Connection
from govml.local.paths import state_directory
from govml.settings.names import Names

pytestmark = pytest.mark.local_account

REPOSITORY = Path(__file__).resolve().parents[2]
CONFIG = str(REPOSITORY / "config" / "sandbox.yaml")
NAMES = Names("sandbox", "dev")
USE_CASE = "hdb_resale"
FLAT = {
    "month": "2025-08",
    "town": "TAMPINES",
    "flat_type": "4 ROOM",
    "block": "101",
    "street_name": "TAMPINES ST 11",
    "storey_range": "07 TO 09",
    "floor_area_sqm": 93,
    "flat_model": "Model A",
    "lease_commence_date": 1988,
    "remaining_lease": "61 years 04 months",
}


def cli(*arguments: str) -> Result:
    return CliRunner().invoke(govml, [*arguments, "--config", CONFIG], catch_exceptions=False)


def split(uri: str) -> dict[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return {"Bucket": bucket, "Key": key}


@pytest.fixture(scope="module")
def run(local_account: Connection) -> RunRecord:
    """A run of the deployed pipeline on the synthetic sample."""
    put = cli("data", "sample", USE_CASE)
    assert put.exit_code == 0, put.output
    for _ in range(2):  # the second run finds nothing new
        ingested = cli("data", "ingest", USE_CASE)
        assert ingested.exit_code == 0, ingested.output
    done = cli("pipeline", "run", USE_CASE)
    assert done.exit_code == 0, done.output
    return RunStore(state_directory() / "runs").load("latest")


@pytest.fixture(scope="module")
def package(local_account: Connection, run: RunRecord) -> dict[str, Any]:
    found: dict[str, Any] = local_account.client("sagemaker").describe_model_package(
        ModelPackageName=run.model_package_arn
    )
    return found


def test_every_step_of_the_accepting_branch_succeeds(run: RunRecord) -> None:
    assert {step.name: step.status for step in run.steps} == {
        "Validate": Status.SUCCEEDED,
        "Prepare": Status.SUCCEEDED,
        "Tune": Status.SUCCEEDED,
        "Train": Status.SUCCEEDED,
        "Evaluate": Status.SUCCEEDED,
        "Assess": Status.SUCCEEDED,
        "Track": Status.SUCCEEDED,
        "AcceptanceGate": Status.SUCCEEDED,
        "Register": Status.SUCCEEDED,
        "Rejected": Status.NOT_RUN,
    }


def test_every_step_but_tracking_is_cut_off_from_the_network(run: RunRecord) -> None:
    isolated = {step.name for step in run.steps if step.isolation}
    assert isolated == {"Validate", "Prepare", "Tune", "Train", "Evaluate", "Assess"}
    assert {run.step(name).isolation for name in isolated} == {find_isolation().description}


def test_what_the_steps_leave_is_encrypted_with_the_key_of_the_definition(
    local_account: Connection, run: RunRecord
) -> None:
    s3 = local_account.client("s3")
    checked = 0
    for step in run.steps:
        for uri in (artifact for artifact in step.artifacts if artifact.startswith("s3://")):
            job = step.properties.get("TrainingJobDefinition", step.properties)  # of a tuning job: that of its trials
            output = job.get("ProcessingOutputConfig") or job["OutputDataConfig"]
            prefix = split(uri)
            for item in s3.list_objects_v2(Bucket=prefix["Bucket"], Prefix=prefix["Key"])["Contents"]:
                head = s3.head_object(Bucket=prefix["Bucket"], Key=item["Key"])
                assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", output["KmsKeyId"])
                checked += 1
    assert checked >= 8


def test_the_registered_package_leads_back_to_data_code_and_run(
    local_account: Connection, run: RunRecord, package: dict[str, Any]
) -> None:
    assert package["ModelPackageGroupName"] == NAMES.model_package_group(USE_CASE)
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    notes = package["CustomerMetadataProperties"]
    s3 = local_account.client("s3")
    statistics = package["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]
    evaluation = json.loads(s3.get_object(**split(statistics))["Body"].read())["regression_metrics"]
    limit = json.loads(run.parameters["AcceptanceCriteria"])["mape"]["max"]
    assert float(notes["HeadlineValue"]) == evaluation["mape"]["value"] <= limit
    assert (notes["HeadlineMetric"], notes["Verdict"]) == ("regression_metrics.mape", "accepted")
    assert notes["TuningJob"] == run.step("Tune").properties["HyperParameterTuningJobName"]
    for part in ("Bias", "Explainability"):
        assert s3.get_object(**split(package["ModelMetrics"][part]["Report"]["S3Uri"]))["Body"].read()
    assert re.fullmatch(r"[0-9a-f]{64}", notes["DatasetSha256"])
    assert notes["CodeArchive"] in run.step("Train").properties["AlgorithmSpecification"]["ContainerEntrypoint"][1]
    uri = package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    assert [uri] == run.step("Train").artifacts

    with sqlite3.connect(state_directory() / "mlflow" / "mlflow.db") as tracking:
        (row,) = tracking.execute("select status, artifact_uri from runs where run_uuid = ?", [notes["MlflowRunId"]])
        metrics = dict(tracking.execute("select key, value from metrics where run_uuid = ?", [notes["MlflowRunId"]]))
    assert row[0] == "FINISHED"
    assert list(Path(row[1].removeprefix("file://")).rglob("evaluation.json")), "its artefacts outlive the run"
    assert metrics["test_mae"] == pytest.approx(evaluation["mae"]["value"])


def test_a_model_beyond_the_criteria_is_the_same_model_but_not_registered(
    local_account: Connection, run: RunRecord, package: dict[str, Any]
) -> None:
    done = cli("pipeline", "run", USE_CASE, "--parameter", 'AcceptanceCriteria={"mape":{"max":0.01}}')
    assert done.exit_code == 1
    assert "step Rejected failed: The model misses its acceptance criteria: " in done.output
    again = RunStore(state_directory() / "runs").load("latest")
    assert (again.step("Register").status, again.model_package_arn) == (Status.NOT_RUN, "")

    s3 = local_account.client("s3")
    archives = [s3.get_object(**split(record.step("Train").artifacts[0]))["Body"].read() for record in (run, again)]
    first, second = (hashlib.sha256(archive).hexdigest() for archive in archives)
    assert first == second, "same seed, same data, same code"


@pytest.fixture(scope="module")
def approved(package: dict[str, Any]) -> int:
    version: int = package["ModelPackageVersion"]
    done = cli("model", "approve", USE_CASE, str(version), "--by", "Tan Ah Kow")
    assert done.exit_code == 0, done.output
    return version


def test_approval_is_on_record_and_keeps_the_lineage(
    local_account: Connection, package: dict[str, Any], approved: int
) -> None:
    now = local_account.client("sagemaker").describe_model_package(ModelPackageName=package["ModelPackageArn"])
    assert now["ModelApprovalStatus"] == "Approved"
    assert now["CustomerMetadataProperties"] == {**package["CustomerMetadataProperties"], "ApprovedBy": "Tan Ah Kow"}
    assert "  ApprovedBy = Tan Ah Kow\n" in cli("model", "list", USE_CASE).output


@pytest.fixture(scope="module")
def port(approved: int) -> Iterator[str]:
    """Port of the served model; `govml model serve` runs as the user's own process."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "govml.cli.main", "model", "serve", USE_CASE, "--port", number, "--config", CONFIG]
    server = subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        lines = []
        while "/invocations" not in (line := server.stdout.readline()):
            assert line, f"the server ended before it answered: {lines}"
            lines.append(line)
        yield number
    finally:
        server.terminate()
        said, _ = server.communicate(timeout=20)
        assert (server.returncode, "stopped" in said) == (0, True), said


def test_the_approved_model_answers(port: str, tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    request.write_text(json.dumps({"instances": [FLAT]}))
    asked = CliRunner().invoke(govml, ["model", "predict", USE_CASE, "--port", port, "--json", str(request)])
    assert asked.exit_code == 0, asked.output
    (price,) = json.loads(asked.output)["predictions"]
    assert 200_000 < (price["resale_price"] if isinstance(price, dict) else price) < 1_500_000


def test_a_request_that_is_wrong_is_the_clients_fault(port: str, tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    request.write_text(json.dumps({"instances": [{**FLAT, "floor_area_sqm": "large"}]}))
    asked = CliRunner().invoke(govml, ["model", "predict", USE_CASE, "--port", port, "--json", str(request)])
    assert asked.exit_code == 1
    assert "the server answered with status 4" in asked.output
