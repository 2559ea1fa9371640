"""Model step: a SageMaker model in the account; and where the files of a model are that a step names."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from govml.execution.account import error_text
from govml.execution.failures import StepFailed
from govml.execution.jobs.job import Job, StepResult


@dataclass(frozen=True)
class NamedModel:
    """A model of the account: the address of its archive, its container's variables, and whether it is cut off."""

    archive: str
    environment: Mapping[str, str]
    isolated: bool


def create_model(job: Job) -> StepResult:
    """Create a model from the step's arguments; its properties are those of DescribeModel.

    Raises:
        StepFailed: an archive is not in S3, or the account refuses the model.
    """
    arguments, sagemaker = job.arguments, job.host.sagemaker
    _located(job, _container(job.name, arguments))
    with suppress(ClientError):  # what an earlier attempt of this step left
        sagemaker.delete_model(ModelName=job.name)
    try:
        arn = sagemaker.create_model(ModelName=job.name, **arguments)["ModelArn"]
    except ClientError as error:
        raise StepFailed(f"the account refuses the model: {error_text(error)}") from error
    return StepResult(
        properties={**arguments, "ModelName": job.name, "ModelArn": arn}, artifacts=(arn,), job_name=job.name
    )


def find_model(job: Job, name: str) -> NamedModel:
    """Return a model of the account.

    Raises:
        StepFailed: there is none of that name, it has several containers, or its archive is not in S3.
    """
    try:
        described = job.host.sagemaker.describe_model(ModelName=name)
    except ClientError as error:
        raise StepFailed(f"there is no model {name} in the account: {error_text(error)}") from error
    container = _container(name, described)
    return NamedModel(
        archive=_located(job, container),
        environment=container.get("Environment") or {},
        isolated=bool(described.get("EnableNetworkIsolation")),
    )


def _container(name: str, described: Mapping[str, Any]) -> Mapping[str, Any]:
    containers = [described.get("PrimaryContainer"), *(described.get("Containers") or [])]
    found = [each for each in containers if each]
    if len(found) != 1:
        raise StepFailed(f"the model {name} has {len(found)} containers; the local executor starts models of one")
    container: Mapping[str, Any] = found[0]
    return container


def _located(job: Job, container: Mapping[str, Any]) -> str:
    """Return the address of a container's archive, through its model package where it names one."""
    if package := container.get("ModelPackageName"):
        try:
            described = job.host.sagemaker.describe_model_package(ModelPackageName=package)
        except ClientError as error:
            raise StepFailed(f"there is no model package {package}: {error_text(error)}") from error
        container = described["InferenceSpecification"]["Containers"][0]
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    uri = container.get("ModelDataUrl") or source.get("S3Uri")
    if not uri or uri.removeprefix("s3://").partition("/")[2] not in job.host.store.list_keys(uri):
        raise StepFailed(f"the model archive {uri or '(none named)'} does not exist")
    return str(uri)
