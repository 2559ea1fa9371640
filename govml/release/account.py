"""`Account`: what the release reads of an AWS account and what it changes there, one small method each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from govml.release.events import MARKER
from govml.release.identity import Identity, from_user_context
from govml.release.state import Package, Stack, condition_of, read_serving
from govml.release.transient import error_code, error_text

# Types that an update of a serving stack may touch. CloudFormation refuses the rest, so whoever may call UpdateStack
# through this policy cannot make other things with the stack's deployment role.
RESOURCE_TYPES = (
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::SageMaker::DataQualityJobDefinition",
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::EndpointConfig",
    "AWS::SageMaker::Model",
    "AWS::SageMaker::MonitoringSchedule",
    "AWS::SageMaker::Pipeline",
    "AWS::SSM::Parameter",
    "AWS::Scheduler::Schedule",
)
_FAILED = ("CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED")


@dataclass(frozen=True)
class Contents:
    """What a package holds.

    Args:
        image: image as it was registered.
        image_digest: its digest, where the registry noted one.
        model_data: S3 URI of the archive.
        baseline: S3 URI of the drift engine's baseline of this model; empty where the package names none.
    """

    image: str
    image_digest: str
    model_data: str
    baseline: str = ""


class Account:
    """One environment's account, through boto3's clients.

    Args:
        client: returns boto3's client of a service, by its name.
        account: 12-digit account id.
    """

    def __init__(self, client: Callable[[str], Any], account: str) -> None:
        self.client, self.account = client, account

    def packages(self, group: str) -> dict[int, str]:
        """Return version -> status of each package of a group."""
        pages = self.client("sagemaker").get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
        found = [each for page in pages for each in page["ModelPackageSummaryList"]]
        return {_version(each): str(each.get("ModelApprovalStatus", "")) for each in found}

    def package(self, group: str, version: int, *, with_trainers: bool) -> Package:
        """Return one package with who changed it, and if asked with who trained it."""
        described = self.described(group, version)
        modified = described.get("LastModifiedTime") or described.get("CreationTime")
        return Package(
            version=version,
            status=str(described.get("ModelApprovalStatus", "")),
            modified=modified.astimezone(UTC).isoformat() if isinstance(modified, datetime) else "",
            modified_by=from_user_context(described.get("LastModifiedBy")),
            trainers=self._trainers(described) if with_trainers else (),
        )

    def note(self, group: str, version: int, notes: Mapping[str, str]) -> None:
        """Add notes to a package; those that stand there stay."""
        self.client("sagemaker").update_model_package(
            ModelPackageArn=self.package_arn(group, version), CustomerMetadataProperties=dict(notes)
        )

    def mark(self, group: str, key: str, value: str) -> None:
        """Mark a package group."""
        tag = {"Key": key, "Value": value}
        self.client("sagemaker").add_tags(ResourceArn=self.group_arn(group), Tags=[tag])

    def marker(self, group: str) -> str:
        """Return what people marked a package group with, or nothing."""
        tags = self.client("sagemaker").list_tags(ResourceArn=self.group_arn(group))["Tags"]
        return next((str(each["Value"]) for each in tags if each["Key"] == MARKER), "")

    def contents(self, group: str, version: int) -> Contents:
        """Return what a package holds."""
        described = self.described(group, version)
        containers = described.get("InferenceSpecification", {}).get("Containers", [])
        first = containers[0] if len(containers) == 1 else {}
        notes = described.get("CustomerMetadataProperties") or {}
        return Contents(
            first.get("Image", ""),
            first.get("ImageDigest", ""),
            first.get("ModelDataUrl", ""),
            notes.get("DriftBaseline", ""),
        )

    def described(self, group: str, version: int) -> dict[str, Any]:
        """Return a package as the registry describes it."""
        return dict(self.client("sagemaker").describe_model_package(ModelPackageName=self.package_arn(group, version)))

    def set_status(self, group: str, version: int, status: str, why: str) -> None:
        """Set a package's approval status."""
        self.client("sagemaker").update_model_package(
            ModelPackageArn=self.package_arn(group, version), ModelApprovalStatus=status, ApprovalDescription=why[:1024]
        )

    def stack(self, name: str, *, tokens_since: str = "") -> Stack:
        """Return a stack, and the tokens of the updates since a time (ISO 8601) if one is given."""
        cloudformation = self.client("cloudformation")
        try:
            described = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if error_code(error) == "ValidationError" and "does not exist" in error_text(error):
                return Stack("absent")
            raise
        status = str(described["StackStatus"])
        parameters = {each["ParameterKey"]: each.get("ParameterValue", "") for each in described.get("Parameters", ())}
        events = list(self._events(name, tokens_since)) if tokens_since else []
        reasons = [each.get("ResourceStatusReason", "") for each in events if each.get("ResourceStatus") in _FAILED]
        return Stack(
            condition=condition_of(status),
            status=status,
            serving=read_serving(parameters),
            tokens=frozenset(each["ClientRequestToken"] for each in events if each.get("ClientRequestToken")),
            reason=next((reason for reason in reversed(reasons) if reason), ""),
        )

    def update_stack(self, name: str, parameters: Mapping[str, str], token: str) -> None:
        """Change parameters of a stack and nothing else."""
        cloudformation = self.client("cloudformation")
        described = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        others = [
            each["ParameterKey"] for each in described.get("Parameters", ()) if each["ParameterKey"] not in parameters
        ]
        cloudformation.update_stack(
            StackName=name,
            UsePreviousTemplate=True,
            Parameters=[
                *({"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()),
                *({"ParameterKey": key, "UsePreviousValue": True} for key in others),
            ],
            Capabilities=list(described.get("Capabilities", ())),
            ResourceTypes=list(RESOURCE_TYPES),
            ClientRequestToken=token,
        )

    def cancel_update(self, name: str, token: str) -> None:
        """Stop an update of a stack; CloudFormation rolls it back."""
        self.client("cloudformation").cancel_update_stack(StackName=name, ClientRequestToken=token)

    def _events(self, name: str, since: str) -> Iterable[Any]:
        """Give a stack's events, the latest first, down to a time."""
        oldest = datetime.fromisoformat(since)
        for page in self.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=name):
            for event in page["StackEvents"]:
                if event["Timestamp"] < oldest:
                    return
                yield event

    def _trainers(self, described: Mapping[str, Any]) -> tuple[Identity, ...]:
        """Return who started the training; where no run of a pipeline made the package, who registered it.

        The run stands in the package's `GeneratedBy`, which SageMaker Pipelines fills (developer guide, "Events that
        Amazon SageMaker AI sends to Amazon EventBridge", model package), and among the notes of our pipelines.
        """
        notes = described.get("CustomerMetadataProperties") or {}
        run = described.get("MetadataProperties", {}).get("GeneratedBy") or notes.get("PipelineExecution", "")
        if "/execution/" in run and f":{self.account}:" in run:  # a promoted version's run is in another account
            try:
                execution = self.client("sagemaker").describe_pipeline_execution(PipelineExecutionArn=run)
            except ClientError as error:
                if error_code(error) not in {"ResourceNotFound", "ValidationException"}:
                    raise
            else:
                starter = from_user_context(execution.get("CreatedBy"))
                if starter.arn:
                    return (starter,)
        return (from_user_context(described.get("CreatedBy")),)

    def package_arn(self, group: str, version: int) -> str:
        """Return the ARN of a package."""
        return f"{self.group_arn(group).replace(':model-package-group/', ':model-package/')}/{version}"

    def group_arn(self, group: str) -> str:
        """Return the ARN of a group."""
        meta = self.client("sagemaker").meta
        return f"arn:{meta.partition}:sagemaker:{meta.region_name}:{self.account}:model-package-group/{group}"


def _version(summary: Mapping[str, Any]) -> int:
    return int(summary.get("ModelPackageVersion") or str(summary["ModelPackageArn"]).rpartition("/")[2])
