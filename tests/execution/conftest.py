"""An account in memory (moto behind HTTP), and small builders of pipeline definitions with toy steps."""

from __future__ import annotations

import json
import shlex
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from govml.execution.local_run import LocalRun, Machine, Target, prepare_run
from govml.execution.objects import ObjectStore

ROLE = "arn:aws:iam::111122223333:role/jobs"
IMAGE = "111122223333.dkr.ecr.ap-southeast-1.amazonaws.com/image:1"


@dataclass(frozen=True)
class MotoAccount:
    """The shape that `govml.local.connection()` has."""

    endpoint_url: str
    account: str = "123456789012"
    region: str = "ap-southeast-1"

    def environ(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": self.region,
        }

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint_url,
            region_name=self.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )


@pytest.fixture(scope="session")
def account() -> Iterator[MotoAccount]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield MotoAccount(f"http://{host}:{port}")
    server.stop()


@pytest.fixture(scope="session")
def s3(account: MotoAccount) -> Any:
    return account.client("s3")


@pytest.fixture(scope="session")
def sagemaker(account: MotoAccount) -> Any:
    return account.client("sagemaker")


@pytest.fixture(scope="session")
def kms_key(account: MotoAccount) -> str:
    key: str = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    return key


@pytest.fixture(scope="session")
def store(account: MotoAccount, s3: Any) -> ObjectStore:
    return ObjectStore(s3=s3, kms=account.client("kms"))


@pytest.fixture
def bucket(s3: Any) -> str:
    name = f"govml-test-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
    return name


def definition(*steps: dict[str, Any], parameters: list[dict[str, Any]] | None = None) -> str:
    return json.dumps({"Version": "2020-12-01", "Parameters": parameters or [], "Steps": list(steps)})


class Steps:
    """Builders of steps whose command is a line of Python."""

    def __init__(self, bucket: str) -> None:
        self.bucket = bucket

    definition = staticmethod(definition)

    def processing(
        self,
        name: str,
        code: str = "pass",
        *,
        inputs: dict[str, Any] | None = None,
        outputs: tuple[str, ...] = (),
        environment: dict[str, Any] | None = None,
        isolated: bool = False,
        kms_key: str | None = None,
        seconds: int | None = None,
        depends_on: tuple[str, ...] = (),
        files: dict[str, tuple[str, str]] | None = None,
        arguments: tuple[Any, ...] = (),
    ) -> dict[str, Any]:
        base = "/opt/ml/processing"
        config: dict[str, Any] = {
            "Outputs": [
                {
                    "OutputName": o,
                    "S3Output": {
                        "S3Uri": f"s3://{self.bucket}/out/{name}/{o}",
                        "LocalPath": f"{base}/output/{o}",
                        "S3UploadMode": "EndOfJob",
                    },
                }
                for o in outputs
            ]
        }
        if kms_key:
            config["KmsKeyId"] = kms_key
        request: dict[str, Any] = {
            "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", "-c", code]},
            "ProcessingResources": {
                "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 10}
            },
            "RoleArn": ROLE,
            "ProcessingInputs": [
                {
                    "InputName": n,
                    "S3Input": {
                        "S3Uri": uri,
                        "LocalPath": f"{base}/input/{n}",
                        "S3DataType": "S3Prefix",
                        "S3InputMode": "File",
                    },
                }
                for n, uri in (inputs or {}).items()
            ],
            "ProcessingOutputConfig": config,
            "NetworkConfig": {"EnableNetworkIsolation": isolated},
        }
        if arguments:
            request["AppSpecification"]["ContainerArguments"] = list(arguments)
        if environment:
            request["Environment"] = environment
        if seconds:
            request["StoppingCondition"] = {"MaxRuntimeInSeconds": seconds}
        return {
            "Name": name,
            "Type": "Processing",
            "Arguments": request,
            "DependsOn": list(depends_on),
            "PropertyFiles": [
                {"PropertyFileName": f, "OutputName": o, "FilePath": p} for f, (o, p) in (files or {}).items()
            ],
        }

    def training(self, name: str, code: str, *, channels: dict[str, Any], **request: Any) -> dict[str, Any]:
        return {
            "Name": name,
            "Type": "Training",
            "Arguments": {
                "AlgorithmSpecification": {
                    "TrainingImage": IMAGE,
                    "TrainingInputMode": "File",
                    "ContainerEntrypoint": ["python3", "-c", code],
                },
                "HyperParameters": {"seed": "7", "dir": "/opt/ml/model"},
                "InputDataConfig": [
                    {
                        "ChannelName": n,
                        "ContentType": "text/csv",
                        "DataSource": {
                            "S3DataSource": {
                                "S3DataType": "S3Prefix",
                                "S3Uri": uri,
                                "S3DataDistributionType": "FullyReplicated",
                            }
                        },
                    }
                    for n, uri in channels.items()
                ],
                "OutputDataConfig": {"S3OutputPath": f"s3://{self.bucket}/models"},
                "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 10},
                "StoppingCondition": {"MaxRuntimeInSeconds": 60},
                "RoleArn": ROLE,
                **request,
            },
        }

    def tuning(
        self,
        name: str,
        code: str,
        *,
        channels: dict[str, Any],
        ranges: dict[str, Any],
        strategy: str = "Bayesian",
        trials: int = 4,
        parallel: int = 1,
        seed: int = 7,
    ) -> dict[str, Any]:
        """A search whose trials run a line of Python that prints `score=<number>`."""
        definition = self.training(name, code, channels=channels)["Arguments"]
        definition["AlgorithmSpecification"].pop("ContainerEntrypoint")
        definition["AlgorithmSpecification"]["MetricDefinitions"] = [{"Name": "score", "Regex": "score=([0-9.eE+-]+)"}]
        definition["StaticHyperParameters"] = definition.pop("HyperParameters")
        definition["Environment"] = {"GOVML_COMMAND": shlex.join(["python3", "-c", code])}
        return {
            "Name": name,
            "Type": "Tuning",
            "Arguments": {
                "HyperParameterTuningJobConfig": {
                    "Strategy": strategy,
                    "ResourceLimits": {"MaxNumberOfTrainingJobs": trials, "MaxParallelTrainingJobs": parallel},
                    "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "score"},
                    "ParameterRanges": ranges,
                    "RandomSeed": seed,
                },
                "TrainingJobDefinition": definition,
            },
        }

    def register(self, name: str, group: str, model: Any, **request: Any) -> dict[str, Any]:
        return {
            "Name": name,
            "Type": "RegisterModel",
            "Arguments": {
                "ModelPackageGroupName": group,
                "ModelApprovalStatus": "PendingManualApproval",
                "InferenceSpecification": {
                    "Containers": [{"Image": IMAGE, "ModelDataUrl": model}],
                    "SupportedContentTypes": ["application/json"],
                    "SupportedResponseMIMETypes": ["application/json"],
                },
                **request,
            },
        }

    def gate(self, name: str, conditions: list[Any], *, then: list[Any], otherwise: list[Any]) -> dict[str, Any]:
        branches = {"IfSteps": then, "ElseSteps": otherwise}
        return {"Name": name, "Type": "Condition", "Arguments": {"Conditions": conditions, **branches}}


@pytest.fixture
def steps(bucket: str) -> Steps:
    return Steps(bucket)


Deploy = Callable[..., LocalRun]


@pytest.fixture
def prepare(account: MotoAccount, sagemaker: Any, tmp_path: Path) -> Deploy:
    """Deploy a definition in the account and prepare a run of it."""

    def deploy(text: str, *, given: dict[str, str] | None = None, **options: Any) -> LocalRun:
        name = f"pipeline-{uuid.uuid4().hex[:12]}"
        sagemaker.create_pipeline(
            PipelineName=name, PipelineDefinition=text, RoleArn=ROLE, ClientRequestToken=uuid.uuid4().hex
        )
        machine = Machine(account, tmp_path / "state", Path(sys.executable), **options)
        return prepare_run(Target(name, "toy", "dev", given or {}), machine)

    return deploy
