"""Model and Transform steps against an account in memory, with a toy server in place of a model's."""

from __future__ import annotations

import json
import sys
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from govml.execution.isolation import NAMESPACE, find_isolation
from govml.execution.jobs import transform
from govml.execution.local_run import Machine, Target, prepare_run
from govml.execution.record import Status

ROLE = "arn:aws:iam::111122223333:role/jobs"
IMAGE = "111122223333.dkr.ecr.ap-southeast-1.amazonaws.com/image:1"
# Answers each line with its length; refuses `bad`; fails the first time that it sees `flaky`; needs its variables.
SERVER = """
import http.server, os, pathlib, sys
model = pathlib.Path(sys.argv[sys.argv.index('--model-dir') + 1], 'model.json').read_text()
assert os.environ['SAGEMAKER_BATCH'] == 'true' and os.environ['OF_THE_MODEL'] == '1' and 'AWS_ENDPOINT_URL' not in os.environ
seen = set()
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body):
        self.send_response(status); self.send_header('Content-Length', str(len(body))); self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        self.answer(200 if self.path == '/ping' else 404, b'')
    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length'])).decode()
        assert self.headers['Content-Type'] == 'text/csv' and self.headers['Accept'] == 'text/csv'
        if 'bad' in body:
            return self.answer(400, b'a bad record')
        if 'flaky' in body and body not in seen:
            seen.add(body)
            return self.answer(500, b'')
        self.answer(200, ''.join(f'{len(line)}{model}\\n' for line in body.splitlines()).encode())
    def log_message(self, *_):
        pass
http.server.HTTPServer(('127.0.0.1', int(sys.argv[sys.argv.index('--port') + 1])), Handler).serve_forever()
"""


@pytest.fixture
def interpreter(tmp_path: Path) -> Path:
    """A `python` that runs the toy server, whatever module it is told to."""
    (tmp_path / "server.py").write_text(SERVER)
    program = tmp_path / "bin" / "python"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {tmp_path}/server.py "$@"\n')
    program.chmod(0o755)
    return program


@pytest.fixture
def archive(s3: Any, bucket: str, tmp_path: Path) -> str:
    (tmp_path / "model.json").write_text("m")
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "model.json", "model.json")
    s3.upload_file(str(tmp_path / "model.tar.gz"), bucket, "m/model.tar.gz")
    return f"s3://{bucket}/m/model.tar.gz"


def pipeline(bucket: str, archive: str, *, environment: dict[str, str] | None = None, **changes: Any) -> str:
    model = {
        "PrimaryContainer": {
            "Image": IMAGE,
            "ModelDataUrl": archive,
            "Environment": environment or {"OF_THE_MODEL": "1"},
        },
        "ExecutionRoleArn": ROLE,
    }
    request = {
        "ModelName": {"Get": "Steps.Model.ModelName"},
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/in/"}},
            "ContentType": "text/csv",
            "SplitType": "Line",
        },
        "TransformOutput": {"S3OutputPath": f"s3://{bucket}/out", "Accept": "text/csv", "AssembleWith": "Line"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 2},
        **changes,
    }
    steps = [
        {"Name": "Model", "Type": "Model", "Arguments": model},
        {"Name": "Transform", "Type": "Transform", "Arguments": request},
    ]
    return json.dumps({"Version": "2020-12-01", "Steps": steps})


@pytest.fixture
def run(account: Any, sagemaker: Any, interpreter: Path, tmp_path: Path, bucket: str) -> Any:
    def ran(text: str) -> Any:
        name = f"transform-{bucket[-12:]}"
        sagemaker.create_pipeline(PipelineName=name, PipelineDefinition=text, RoleArn=ROLE, ClientRequestToken="t" * 32)
        machine = Machine(account, tmp_path / "state", interpreter)
        return prepare_run(Target(name, "toy", "dev", {}), machine).runner.run()

    return ran


def put(s3: Any, bucket: str, **files: str) -> None:
    for name, text in files.items():
        s3.put_object(Bucket=bucket, Key=f"in/{name.replace('_', '/')}.csv", Body=text.encode())


def read(s3: Any, bucket: str) -> dict[str, str]:
    found = s3.list_objects_v2(Bucket=bucket, Prefix="out/").get("Contents", [])
    return {each["Key"]: s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read().decode() for each in found}


def test_a_model_made_by_the_pipeline_answers_files(
    run: Any, s3: Any, bucket: str, archive: str, sagemaker: Any
) -> None:
    put(s3, bucket, a="x\nyy\n", b_c="flaky\n")
    joined = {"JoinSource": "Input", "OutputFilter": "$[-1,0]"}
    record = run(pipeline(bucket, archive, DataProcessing=joined))

    assert record.status is Status.SUCCEEDED, record.step("Transform").reason
    assert read(s3, bucket) == {"out/a.csv.out": "1m,x\n2m,yy\n", "out/b/c.csv.out": "5m,flaky\n"}
    step = record.step("Transform")
    assert step.properties["TransformOutput"]["S3OutputPath"] == f"s3://{bucket}/out"
    assert step.properties["TransformJobArn"].endswith(f":transform-job/{step.job_name}")
    model = sagemaker.describe_model(ModelName=record.step("Model").properties["ModelName"])
    assert model["PrimaryContainer"]["ModelDataUrl"] == archive


def test_a_bad_file_fails_the_step_and_spares_the_others(run: Any, s3: Any, bucket: str, archive: str) -> None:
    put(s3, bucket, a="x\nbad\n", b="x\n", c="")
    record = run(pipeline(bucket, archive))

    assert record.status is Status.FAILED
    reason = record.step("Transform").reason
    assert "1 of 3 files were transformed" in reason
    assert "a.csv: the model's server answered 400: a bad record" in reason
    assert "c.csv: it is empty" in reason
    assert read(s3, bucket) == {"out/b.csv.out": "1m\n"}


def test_an_isolated_model_is_asked_inside_its_own_network(
    run: Any, s3: Any, bucket: str, archive: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not find_isolation().prefix:
        pytest.skip("this machine permits no network namespace")
    found = transform.find_model  # moto forgets that a model is isolated
    monkeypatch.setattr(transform, "find_model", lambda job, name: replace(found(job, name), isolated=True))
    put(s3, bucket, a="x\n")
    record = run(pipeline(bucket, archive))

    assert record.status is Status.SUCCEEDED, record.step("Transform").reason
    assert record.step("Transform").isolation == NAMESPACE
    assert read(s3, bucket) == {"out/a.csv.out": "1m\n"}


def test_a_server_that_does_not_start_is_said(run: Any, s3: Any, bucket: str, archive: str) -> None:
    put(s3, bucket, a="x\n")
    record = run(pipeline(bucket, archive, environment={"ANOTHER": "1"}))

    assert "the model's server ended before it answered" in record.step("Transform").reason
    assert "OF_THE_MODEL" in Path(record.step("Transform").log).read_text()


@pytest.mark.parametrize(
    "case",
    [
        ({"ModelName": "unknown"}, "there is no model unknown"),
        ({"TransformInput": None}, "CreateTransformJob would refuse"),
        ({"BatchStrategy": "SingleRecord", "MaxConcurrentTransforms": 200, "MaxPayloadInMB": 1}, "more than 100 MB"),
    ],
)
def test_an_unfit_transform_fails_in_words(
    run: Any, s3: Any, bucket: str, archive: str, case: tuple[dict[str, Any], str]
) -> None:
    changes, message = case
    record = run(pipeline(bucket, archive, **changes))

    assert message in record.step("Transform").reason


def test_a_model_without_its_archive_is_refused(run: Any, bucket: str) -> None:
    record = run(pipeline(bucket, f"s3://{bucket}/none/model.tar.gz"))

    assert "the model archive s3://" in record.step("Model").reason
    assert record.step("Transform").status is Status.NOT_RUN
