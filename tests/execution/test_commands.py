"""The commands `govml pipeline | data | model` over an account in memory and toys for the pipeline's own modules."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from govml.cli.main import govml
from govml.errors import UserError
from govml.execution.raw_data import replace_data

REPOSITORY = Path(__file__).resolve().parents[2]
TOY_DATA = """
import pathlib, sys
out = pathlib.Path(sys.argv[sys.argv.index('--output') + 1])
if 'broken' in sys.argv: sys.exit('no sample')
(out / 'sample.csv').write_text('month,price\\n2024-01,1\\n')
"""
TOY_SERVER = """
import http.server, json, os, pathlib, sys
argument = lambda name: sys.argv[sys.argv.index(name) + 1]
model = json.loads((pathlib.Path(argument('--model-dir')) / 'model.json').read_text())
if model.get('broken'): sys.exit(7)
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body):
        self.send_response(status)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        self.answer(200 if self.path == '/ping' else 404, b'')
    def do_POST(self):
        rows = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        answer = {'model': model['name'], 'aws': sorted(n for n in os.environ if n.startswith('AWS'))}
        self.answer(200 if rows else 400, json.dumps(answer).encode())
http.server.HTTPServer((argument('--host'), int(argument('--port'))), Handler).serve_forever()
"""


@dataclass
class Cli:
    """Runs commands for one agency of its own, so that tests share the account and nothing else."""

    agency: str
    config: Path
    group: str

    def __call__(self, *arguments: Any, **options: Any) -> Result:
        command = [str(argument) for argument in arguments]
        if command[:2] not in (["pipeline", "show"], ["pipeline", "list"], ["model", "predict"]):
            command += ["--config", str(self.config)]
        return CliRunner().invoke(govml, command, **options)

    def error(self, *arguments: Any, **options: Any) -> str:
        """Run a command that must end in a user's error; return its text."""
        result = self(*arguments, **options)
        assert isinstance(result.exception, UserError), (result.output, result.exception)
        return str(result.exception)


@pytest.fixture
def cli(account: Any, sagemaker: Any, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    agency = f"t{bucket[-10:]}"
    config = tmp_path / "agency.yaml"
    text = (REPOSITORY / "config/sandbox.yaml").read_text()
    text = text.replace("agency: sandbox", f"agency: {agency}")
    config.write_text(text.replace("features:\n", "features:\n  ingestion: false\n"))
    config.with_name("ingesting.yaml").write_text(text)
    account.client("ssm").put_parameter(Name=f"/govml/{agency}/dev/data/raw-bucket", Value=bucket, Type="String")
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    account.client("iam").create_role(RoleName=f"{agency}-dev.approver", AssumeRolePolicyDocument=document)
    monkeypatch.setenv("GOVML_STATE_DIR", str(tmp_path / "state"))
    toys = tmp_path / "toys" / "govml_pipeline"
    toys.mkdir(parents=True)
    for name, code in (("__init__", ""), ("data", TOY_DATA), ("serving", TOY_SERVER)):
        (toys / f"{name}.py").write_text(code)
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nPYTHONPATH={toys.parent} exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    for module in ("running", "data", "model"):
        monkeypatch.setattr(f"govml.cli.{module}.INTERPRETER", python)
    monkeypatch.setattr("govml.local.connection", lambda *_: account)
    sagemaker.create_model_package_group(ModelPackageGroupName=f"{agency}-dev-hdb-resale")
    return Cli(agency, config, f"{agency}-dev-hdb-resale")


@pytest.fixture
def encrypted(s3: Any, bucket: str, kms_key: str) -> str:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": kms_key}
    rules = [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
    return bucket


TRAIN = """
import json, pathlib
rows = sorted(f.read_text() for f in pathlib.Path('/opt/ml/input/data/train').iterdir())
pathlib.Path('/opt/ml/model/model.json').write_text(json.dumps({'name': 'toy', 'rows': len(rows), 'broken': False}))
"""


@pytest.fixture
def deploy(cli: Cli, steps: Any, sagemaker: Any, bucket: str) -> Callable[..., None]:
    """Deploy the use case's pipeline: by default one that trains on the raw data and registers."""

    def deployed(text: str | None = None) -> None:
        trained = steps.training("Train", TRAIN, channels={"train": {"Get": "Parameters.InputDataUri"}})
        model = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}
        registered = steps.register("Register", cli.group, model, CustomerMetadataProperties={"Mae": "1.5"})
        uri = {"Name": "InputDataUri", "Type": "String", "DefaultValue": f"s3://{bucket}/hdb-resale"}
        months = {"Name": "TestMonths", "Type": "Integer", "DefaultValue": 12}
        whole = steps.definition(trained, registered, parameters=[uri, months])
        sagemaker.create_pipeline(
            PipelineName=f"{cli.agency}-dev-hdb-resale",
            PipelineDefinition=text or whole,
            RoleArn="arn:aws:iam::123456789012:role/pipeline",
            ClientRequestToken="t" * 32,
        )

    return deployed


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_from_data_to_an_approved_model(cli: Cli, deploy: Any, s3: Any, encrypted: str, tmp_path: Path) -> None:
    deploy()
    assert "put s3://" in cli("data", "sample", "hdb_resale").output
    file = tmp_path / "real.csv"
    file.write_text("month,price\n2024-01,1\n2024-02,2\n")
    assert f"put s3://{encrypted}/hdb-resale/real.csv (2 rows)" in cli("data", "put", "hdb_resale", file).output
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=encrypted, Prefix="hdb-resale/")["Contents"]]
    assert keys == ["hdb-resale/real.csv"], "the sample has been replaced"
    assert s3.head_object(Bucket=encrypted, Key="hdb-resale/real.csv")["ServerSideEncryption"] == "aws:kms"

    assert "no version yet" in cli("model", "list", "hdb_resale").output
    ran = cli("pipeline", "run", "hdb_resale", "--parameter", "TestMonths=6")
    assert (ran.exit_code, "Succeeded" in ran.output) == (0, True), ran.output
    listed = cli("pipeline", "list").output
    assert "Succeeded" in listed
    shown = cli("pipeline", "show", "latest").output
    assert "TestMonths = 6" in shown
    assert listed.split()[0] in shown

    assert "PendingManualApproval" in cli("model", "list", "hdb_resale").output
    assert "has no approved model" in cli.error("model", "serve", "hdb_resale")
    assert "is PendingManualApproval, not Approved" in cli.error("model", "serve", "hdb_resale", "--version", 1)
    assert "has no version 7\n  hint: it has 1" in cli.error("model", "approve", "hdb_resale", 7, "--by", "Tan")
    assert "is Approved" in cli("model", "approve", "hdb_resale", 1, "--by", "Tan Ah Kow").output
    listed = cli("model", "list", "hdb_resale").output
    assert "  ApprovedBy = Tan Ah Kow\n  Mae = 1.5\n" in listed, "approval keeps the lineage"


def test_an_approved_model_answers_until_ctrl_c(
    cli: Cli, deploy: Any, encrypted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy()
    cli("data", "sample", "hdb_resale")
    cli("pipeline", "run", "hdb_resale")
    cli("model", "approve", "hdb_resale", 1, "--by", "Tan")
    port, up = free_port(), threading.Event()
    answers: list[Any] = []
    monkeypatch.setattr("govml.cli.model.click.echo", lambda text, **_: up.set() if "/invocations" in text else None)
    from govml.execution.serving import request

    def user() -> None:
        up.wait(20)
        answers.append(request(port, "POST", "/invocations", b'[{"town": "YISHUN"}]'))
        answers.append(request(port, "POST", "/invocations", b"[]"))
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=user, daemon=True)
    thread.start()
    served = cli("model", "serve", "hdb_resale", "--port", port)
    thread.join(20)
    assert served.exit_code == 0, served.output
    assert answers == [(200, b'{"model": "toy", "aws": []}'), (400, b'{"model": "toy", "aws": []}')]
    with socket.create_server(("127.0.0.1", port)):
        pass  # the server has gone


def test_predict_shows_the_answer_and_fails_on_a_refusal(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.json").write_text('{"name": "toy"}')
    port = free_port()
    command = [str(tmp_path / "bin/python"), "-m", "govml_pipeline.serving", "--model-dir", str(tmp_path / "model")]
    with subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port)]) as server:
        try:
            from govml.execution.serving import _wait_for_ping

            _wait_for_ping(server, port)
            good = cli("model", "predict", "hdb_resale", "--port", port, input='[{"town": "YISHUN"}]')
            bad = cli("model", "predict", "hdb_resale", "--port", port, input="[]")
        finally:
            server.terminate()
    assert (good.exit_code, json.loads(good.output)["model"]) == (0, "toy")
    assert (bad.exit_code, "status 400" in bad.output) == (1, True)


def test_predict_needs_a_server_and_json(cli: Cli, tmp_path: Path) -> None:
    port = free_port()
    assert "no model server answers" in cli.error("model", "predict", "hdb_resale", "--port", port, input="[]")
    assert "standard input is not JSON" in cli.error("model", "predict", "hdb_resale", "--port", port, input="town")
    missing = tmp_path / "none.json"
    assert "cannot be read" in cli.error("model", "predict", "hdb_resale", "--port", port, "--json", missing)


def test_a_taken_port_is_refused(cli: Cli, deploy: Any, encrypted: str) -> None:
    deploy()
    cli("data", "sample", "hdb_resale")
    cli("pipeline", "run", "hdb_resale")
    cli("model", "approve", "hdb_resale", 1, "--by", "Tan")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} cannot be used" in cli.error("model", "serve", "hdb_resale", "--port", port)


def test_a_server_that_does_not_come_up_is_a_users_error(cli: Cli, deploy: Any, steps: Any, encrypted: str) -> None:
    broken = TRAIN.replace("'broken': False", "'broken': True")
    trained = steps.training("Train", broken, channels={"train": f"s3://{encrypted}/hdb-resale"})
    model = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}
    uri = {"Name": "InputDataUri", "Type": "String", "DefaultValue": f"s3://{encrypted}/hdb-resale"}
    deploy(steps.definition(trained, steps.register("Register", cli.group, model), parameters=[uri]))
    cli("data", "sample", "hdb_resale")
    cli("pipeline", "run", "hdb_resale")
    cli("model", "approve", "hdb_resale", 1, "--by", "Tan")
    assert "ended with exit code 7" in cli.error("model", "serve", "hdb_resale", "--port", free_port())


def test_a_failed_run_exits_with_1_and_a_report(cli: Cli, deploy: Any, steps: Any, bucket: str) -> None:
    deploy(steps.definition(steps.processing("Bad", "import sys; sys.exit('no such column: price')")))
    ran = cli("pipeline", "run", "hdb_resale")
    assert ran.exit_code == 1
    assert "step Bad failed: the process ended with exit code 1" in ran.output
    assert "| no such column: price" in ran.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pipeline", "run", "hdb_resalle"], "has no use case hdb_resalle\n  hint: did you mean hdb_resale?"),
        (["pipeline", "run", "hdb_resale", "--environment", "prod"], "no environment 'prod'"),
        (["pipeline", "run", "hdb_resale", "--parameter", "TestMonths"], "is not of the form NAME=VALUE"),
        (["pipeline", "run", "hdb_resale", "--parameter", "A=1", "--parameter", "A=2"], "is given twice"),
        (["pipeline", "run", "hdb_resale", "--parameter", "TestMonth=1"], "did you mean TestMonths?"),
        (["pipeline", "run", "hdb_resale", "--parameter", "TestMonths=x"], "must be a whole number"),
        (["pipeline", "run", "hdb_resale"], "there is no input data under s3://"),
        (["data", "put", "hdb_resalle", "pyproject.toml"], "is no .csv or .csv.gz file"),
        (["data", "sample", "hdb_resalle"], "has no data source hdb_resalle\n  hint: did you mean hdb_resale?"),
        (["pipeline", "show", "latest"], "there is no run yet"),
        (["pipeline", "show", "../../etc"], "'../../etc' is not the id of a run"),
        (["model", "approve", "hdb_resale", "1", "--by", " "], "--by needs a name"),
    ],
)
def test_the_users_errors(cli: Cli, deploy: Any, arguments: list[str], message: str) -> None:
    deploy()
    assert message in cli.error(*arguments)


def test_a_pipeline_that_is_not_deployed(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    assert f"there is no pipeline {cli.agency}-dev-hdb-resale in the local account" in cli.error(
        "pipeline", "run", "hdb_resale"
    )
    batch = cli.error("pipeline", "run", "hdb_resale", "--batch")
    assert f"there is no pipeline {cli.agency}-dev-batch-hdb-resale in the local account" in batch
    ingesting = Cli(cli.agency, cli.config.with_name("ingesting.yaml"), cli.group)
    wanted = f"there is no pipeline {cli.agency}-dev-ingest-hdb-resale in the local account"
    assert wanted in ingesting.error("data", "ingest", "hdb_resale")


def test_a_raw_zone_that_is_not_deployed(cli: Cli, account: Any, tmp_path: Path) -> None:
    account.client("ssm").delete_parameter(Name=f"/govml/{cli.agency}/dev/data/raw-bucket")
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    assert "there is no raw zone" in cli.error("data", "put", "hdb_resale", tmp_path / "a.csv")


def test_an_account_that_has_gone_away(cli: Cli, account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = type(account)(f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr("govml.local.connection", lambda *_: gone)
    assert "the local account does not answer" in cli.error("model", "list", "hdb_resale")


def test_a_missing_environment_of_the_pipeline(cli: Cli, deploy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    deploy()
    for module, command in (("running", ["pipeline", "run"]), ("data", ["data", "sample"])):
        monkeypatch.setattr(f"govml.cli.{module}.INTERPRETER", Path("/nowhere/python"))
        assert "hint: run `make install`" in cli.error(*command, "hdb_resale")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"a,b\n1,2\n", "is no .csv or .csv.gz file"),
        ("a.csv", b"", "has no header line"),
        ("a.csv", b"a,b\n", "has a header but no rows"),
        ("a.csv", b"a,b\n\xff\xfe\n", "is not UTF-8 text"),
        ("a.csv", b"a,b\n1,2" + b"x" * 200_000 + b"\n", "is not a CSV file: field larger"),
        ("a.csv.gz", b"a,b\n1,2\n", "cannot be read"),
        ("a.csv.gz", gzip.compress(b"a,b\n" + os.urandom(99).hex().encode() + b",2\n")[:-20], "cannot be read"),
    ],
)
def test_what_is_no_table_is_not_put(cli: Cli, tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert message in cli.error("data", "put", "hdb_resale", tmp_path / name)


def test_a_directory_stands_for_its_tables(cli: Cli, deploy: Any, encrypted: str, s3: Any, tmp_path: Path) -> None:
    deploy()
    folder = tmp_path / "tables"
    assert "there is no file" in cli.error("data", "put", "hdb_resale", folder)
    folder.mkdir()
    assert "has no .csv or .csv.gz file" in cli.error("data", "put", "hdb_resale", folder)
    (folder / "b.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n"))
    (folder / "a.csv").write_text("\ufeffa,b\n1,2\n3,4\n")
    (folder / "README").write_text("no table")
    assert "(2 rows)\n" in cli("data", "put", "hdb_resale", folder).output
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    assert "two files have the name a.csv" in cli.error("data", "put", "hdb_resale", folder, tmp_path / "a.csv")


@pytest.mark.parametrize("rules", [[], [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]])
def test_raw_data_is_not_put_into_a_bucket_without_a_key(
    cli: Cli, deploy: Any, s3: Any, bucket: str, rules: list[Any]
) -> None:
    deploy()
    if rules:
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
    file = cli.config.with_name("a.csv")
    file.write_text("a,b\n1,2\n")
    assert "encrypt" in cli.error("data", "put", "hdb_resale", file)
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_the_same_data_may_be_put_again(cli: Cli, deploy: Any, s3: Any, encrypted: str, tmp_path: Path) -> None:
    deploy()
    for content in ("a,b\n1,2\n", "a,b\n3,4\n"):
        (tmp_path / "a.csv").write_text(content)
        assert cli("data", "put", "hdb_resale", tmp_path / "a.csv").exit_code == 0
    assert s3.get_object(Bucket=encrypted, Key="hdb-resale/a.csv")["Body"].read() == b"a,b\n3,4\n"


def test_a_whole_bucket_is_never_replaced(store: Any, s3: Any, encrypted: str, tmp_path: Path) -> None:
    s3.put_object(Bucket=encrypted, Key="other.csv", Body=b"")
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match="would empty the bucket"):
        replace_data([tmp_path / "a.csv"], f"s3://{encrypted}", store=store, s3=s3)
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=encrypted)["Contents"]] == ["other.csv"]


INGEST = """
import os, pathlib, sys
assert sys.argv[1:] == ['ingest', '--source', 'hdb_resale'], sys.argv
assert os.environ['AWS_ENDPOINT_URL'].startswith('http://127.0.0.1'), 'the job cannot reach the account'
"""


@pytest.fixture
def create_pipeline(sagemaker: Any) -> Callable[[str, str], None]:
    """Deploy a definition under a name."""

    def create(name: str, text: str) -> None:
        role, token = "arn:aws:iam::123456789012:role/pipeline", "t" * 32
        sagemaker.create_pipeline(PipelineName=name, PipelineDefinition=text, RoleArn=role, ClientRequestToken=token)

    return create


def test_with_ingestion_files_are_added(cli: Cli, s3: Any, encrypted: str, tmp_path: Path) -> None:
    ingesting = Cli(cli.agency, cli.config.with_name("ingesting.yaml"), cli.group)
    for name in ("a", "b", "a"):
        (tmp_path / f"{name}.csv").write_text("a,b\n1,2\n")
        assert ingesting("data", "put", "hdb_resale", tmp_path / f"{name}.csv").exit_code == 0
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=encrypted)["Contents"]]
    assert keys == ["hdb-resale/a.csv", "hdb-resale/b.csv"]
    assert s3.head_object(Bucket=encrypted, Key=keys[0])["ServerSideEncryption"] == "aws:kms"


def test_the_deployed_ingestion_runs_here_and_reaches_the_account(cli: Cli, steps: Any, create_pipeline: Any) -> None:
    ingesting = Cli(cli.agency, cli.config.with_name("ingesting.yaml"), cli.group)
    step = steps.processing("Ingest", INGEST, arguments=("ingest", "--source", "hdb_resale"))
    del step["Arguments"]["ProcessingOutputConfig"]  # it writes by itself
    create_pipeline(f"{cli.agency}-dev-ingest-hdb-resale", steps.definition(step))
    ran = ingesting("data", "ingest", "hdb_resale")
    assert (ran.exit_code, "Succeeded" in ran.output) == (0, True), ran.output
    assert "has no ingestion" in cli.error("data", "ingest", "hdb_resale")


def test_a_model_waits_for_the_curated_table(cli: Cli, deploy: Any, steps: Any, bucket: str) -> None:
    manifest = f"s3://{bucket}/hdb-resale/manifests/latest.manifest"
    uri = {"Name": "InputDataUri", "Type": "String", "DefaultValue": manifest}
    deploy(steps.definition(steps.processing("A"), parameters=[uri]))
    assert "hint: bring delivered files in with `govml data ingest" in cli.error("pipeline", "run", "hdb_resale")


def test_old_data_goes_only_after_the_new_has_come(
    cli: Cli, deploy: Any, s3: Any, encrypted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy()
    file = cli.config.with_name("a.csv")
    s3.put_object(Bucket=encrypted, Key="hdb-resale/old.csv", Body=b"a,b\n1,2\n")
    file.write_text("a,b\n1,2\n")

    def refuse(*_: Any, **__: Any) -> None:
        from govml.execution.failures import StepFailed

        raise StepFailed("the disk is full")

    monkeypatch.setattr("govml.execution.objects.ObjectStore.upload", refuse)
    assert "the data cannot be put: the disk is full" in cli.error("data", "put", "hdb_resale", file)
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=encrypted)["Contents"]] == ["hdb-resale/old.csv"]


def test_a_users_error_exits_with_2_and_without_a_traceback() -> None:
    command = [sys.executable, "-m", "govml.cli.main", "pipeline", "show", "260101nosuch"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: there is no run 260101nosuch")
    assert "Traceback" not in done.stderr
