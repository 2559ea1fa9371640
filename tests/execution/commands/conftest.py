"""The commands over an account in memory, with toys for the pipeline's own modules."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from toy_commands import REPOSITORY, TOY_DATA, TOY_SERVER, TRAIN, Cli


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
