"""`govml data`: tables are put and brought in, and nothing of others is replaced."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from toy_commands import Cli

from govml.errors import UserError
from govml.execution.raw_data import replace_data


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
