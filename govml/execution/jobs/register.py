"""RegisterModel step: a new version in the model package group of the local registry."""

from __future__ import annotations

from botocore.exceptions import ClientError

from govml.execution.account import error_text
from govml.execution.failures import StepFailed
from govml.execution.jobs.job import Job, StepResult


def register_model(job: Job) -> StepResult:
    """Create a model package from the step's arguments; its properties are those of DescribeModelPackage.

    Raises:
        StepFailed: the group does not exist, a model archive is not in S3, or the registry refuses the package.
    """
    arguments, sagemaker = job.arguments, job.host.sagemaker
    group = arguments.get("ModelPackageGroupName", "")
    try:
        sagemaker.describe_model_package_group(ModelPackageGroupName=group)
    except ClientError as error:
        raise StepFailed(f"there is no model package group {group!r} in the account: {error_text(error)}") from error
    for container in arguments.get("InferenceSpecification", {}).get("Containers", []):
        uri = container.get("ModelDataUrl")
        if uri and uri.removeprefix("s3://").partition("/")[2] not in job.host.store.list_keys(uri):
            raise StepFailed(f"the model archive {uri} does not exist")
    try:
        arn = sagemaker.create_model_package(**arguments)["ModelPackageArn"]
        package = sagemaker.describe_model_package(ModelPackageName=arn)
    except ClientError as error:
        raise StepFailed(f"the registry refuses the model package: {error_text(error)}") from error
    version = int(package.get("ModelPackageVersion") or arn.rsplit("/", 1)[-1])
    return StepResult(
        properties={**arguments, "ModelPackageArn": arn, "ModelPackageVersion": version},
        artifacts=(arn,),
    )
