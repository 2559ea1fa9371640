"""An account in memory, as the release sees it: registry, objects, images, one serving stack; any call can be made to fail.

CloudFormation follows its documented course: an update is accepted or refused at once, runs until `settle`, and ends
complete or rolled back with the former parameters; a token that it knows starts nothing.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError
from botocore.response import StreamingBody

ACCOUNT, REGION, PREFIX, SLUG = "123456789012", "ap-southeast-1", "mini-dev", "hdb-resale"
GROUP, STACK = f"{PREFIX}-{SLUG}", f"{PREFIX}-Serving-{SLUG}"
GROUP_ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group/{GROUP}"
RUNS = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/{GROUP}/execution"
EVIDENCE, ARTIFACTS = "evidence", "artifacts"
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{PREFIX}:build-7"
PARAMETERS = [
    f"{role}{part}" for role in ("Live", "Challenger") for part in ("ModelData", "ModelDigest", "Image", "Version")
]


def refused(code: str, message: str = "", status: int = 400) -> ClientError:
    details = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(details, "Operation")  # type: ignore[arg-type]


class Killed(BaseException):
    """The process ended here."""


class ReleaseAccount:
    """The account. `faults` maps the number of a call, from 1, to what happens instead of, or after, the call."""

    def __init__(self) -> None:
        self.clock = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
        self.packages: dict[int, dict[str, Any]] = {}
        self.objects: dict[tuple[str, str], list[bytes]] = {}
        self.images = {"build-7": "sha256:" + "ab" * 32}
        self.parameters = dict.fromkeys([*PARAMETERS, "ChallengerWeight"], "")
        self.status, self.before = "CREATE_COMPLETE", dict(self.parameters)
        self.stack_events: list[dict[str, Any]] = []
        self.updates: list[dict[str, str]] = []
        self.calls: list[str] = []
        self.around: Callable[[int, str, Callable[[], Any]], Any] = lambda _number, _name, call: call()
        self.events: list[dict[str, Any]] = []
        self.tags: dict[str, str] = {}
        self._number = 0

    def client(self, service: str) -> Any:
        return _Client(self, service)

    def pass_time(self, seconds: int = 10) -> None:
        self.clock += timedelta(seconds=seconds)

    def now(self) -> datetime:
        return self.clock

    # What people and jobs do.

    def register(self, version: int, *, trainer: str = "tan", run: bool = True) -> None:
        key = f"{SLUG}/runs/{version}/model.tar.gz"
        self.objects[ARTIFACTS, key] = [f"model {version}".encode()]
        self.packages[version] = {
            "ModelPackageArn": arn(version),
            "ModelPackageVersion": version,
            "ModelApprovalStatus": "PendingManualApproval",
            "CreationTime": self.clock,
            "InferenceSpecification": {"Containers": [{"Image": IMAGE, "ModelDataUrl": f"s3://{ARTIFACTS}/{key}"}]},
            "MetadataProperties": {
                "GeneratedBy": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/p/execution/{trainer}"
            }
            if run
            else {},
            "CreatedBy": {"IamIdentity": {"Arn": session("pipeline", "SageMaker" if run else trainer)}},
        }

    def update(self, who: str, role: str, version: int, **request: Any) -> None:
        """Let a person change a package; EventBridge then has two events about it."""
        self._change(version, session(role, who), **request)
        self._number += 1
        self.events.append(cloudtrail(who, role, version, at=self.clock, event=f"event-{self._number}", **request))
        self.events.append(state_change(version, str(self.packages[version]["ModelApprovalStatus"])))

    def approve(self, version: int, who: str = "lim", role: str = "mini-dev.approver") -> None:
        self.update(who, role, version, ModelApprovalStatus="Approved")

    def reject(self, version: int, who: str = "lim") -> None:
        self.update(who, "mini-dev.approver", version, ModelApprovalStatus="Rejected")

    def sign_off(self, version: int, consumer: str, who: str = "ong") -> None:
        self.update(who, consumer, version, CustomerMetadataProperties={f"signed-off.{consumer}": "yes"})

    def mark(self, value: str, who: str = "goh", role: str = "mini-dev.ml-engineer") -> None:
        """Let a person mark the package group."""
        self.tags["govml-release"] = value
        self._number += 1
        event = cloudtrail(who, role, 0, at=self.clock, event=f"event-{self._number}")
        request = {"resourceArn": GROUP_ARN, "tags": [{"key": "govml-release", "value": value}]}
        event["detail"].update(eventName="AddTags", requestParameters=request)
        self.events.append(event)

    def settle(self, *, alarm: bool = False) -> None:
        """Let a running update end: complete, or rolled back where an alarm went off or somebody stopped it."""
        if self.status == "UPDATE_IN_PROGRESS" and not alarm:
            self.status = "UPDATE_COMPLETE"
        elif self.status.endswith("IN_PROGRESS"):
            self.parameters, self.status = dict(self.before), "UPDATE_ROLLBACK_COMPLETE"
            self._stack_event("AWS::SageMaker::Endpoint", "UPDATE_FAILED", "an alarm went off")
        self.events.append(stack_change(self.status))

    @property
    def live(self) -> str:
        return self.parameters["LiveVersion"]

    def state(self) -> tuple[Any, ...]:
        """What counts in the end: what is served, and what the registry says."""
        statuses = {version: each["ModelApprovalStatus"] for version, each in sorted(self.packages.items())}
        return self.status.endswith("IN_PROGRESS"), self.parameters, statuses

    def copy(self) -> ReleaseAccount:
        twin = ReleaseAccount()
        for name, value in vars(self).items():
            if name not in {"around", "objects"}:
                setattr(twin, name, deepcopy(value))
        twin.objects = {place: list(versions) for place, versions in self.objects.items()}
        return twin

    # The operations that the release calls.

    def sagemaker_list_model_packages(self, **_: Any) -> dict[str, Any]:
        keys = ("ModelPackageArn", "ModelPackageVersion", "ModelApprovalStatus")
        return {"ModelPackageSummaryList": [{key: each[key] for key in keys} for each in self.packages.values()]}

    def sagemaker_describe_model_package(self, **request: Any) -> dict[str, Any]:
        return deepcopy(self.packages[int(request["ModelPackageName"].rpartition("/")[2])])

    def sagemaker_update_model_package(self, **request: Any) -> dict[str, Any]:
        version = int(request.pop("ModelPackageArn").rpartition("/")[2])
        self._change(version, session("mini-dev-Release-Role", "function"), **request)
        return {}

    def sagemaker_list_tags(self, **request: Any) -> dict[str, Any]:
        assert request["ResourceArn"] == GROUP_ARN
        return {"Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()]}

    def sagemaker_describe_pipeline_execution(self, **request: Any) -> dict[str, Any]:
        starter = request["PipelineExecutionArn"].rpartition("/")[2]
        if starter == "gone":
            raise refused("ResourceNotFound")
        return {
            "CreatedBy": {"IamIdentity": {"Arn": session("data-scientist", starter)}} if starter != "nobody" else {}
        }

    def ecr_describe_images(self, **request: Any) -> dict[str, Any]:
        tag = request["imageIds"][0]["imageTag"]
        if tag not in self.images:
            raise refused("ImageNotFoundException")
        return {"imageDetails": [{"imageDigest": self.images[tag]}]}

    def s3_put_object(self, **request: Any) -> dict[str, Any]:
        place = (request["Bucket"], request["Key"])
        if request.get("IfNoneMatch") == "*" and place in self.objects:
            raise refused("PreconditionFailed", status=412)
        self.objects.setdefault(place, []).append(request["Body"])
        return {}

    def s3_get_object(self, **request: Any) -> dict[str, Any]:
        content = self._content(request["Bucket"], request["Key"])
        etag = hashlib.md5(content, usedforsecurity=False).hexdigest()
        return {"Body": StreamingBody(io.BytesIO(content), len(content)), "ContentLength": len(content), "ETag": etag}

    def s3_copy_object(self, **request: Any) -> dict[str, Any]:
        source = request["CopySource"]
        content = self._content(source["Bucket"], source["Key"])
        if hashlib.md5(content, usedforsecurity=False).hexdigest() != request.get(
            "CopySourceIfMatch", hashlib.md5(content, usedforsecurity=False).hexdigest()
        ):
            raise refused("PreconditionFailed", status=412)
        self.objects.setdefault((request["Bucket"], request["Key"]), []).append(content)
        return {}

    def s3_list_objects_v2(self, **request: Any) -> dict[str, Any]:
        names = sorted(key for bucket, key in self.objects if bucket == request["Bucket"])
        return {"Contents": [{"Key": name} for name in names if name.startswith(request["Prefix"])]}

    def s3_list_object_versions(self, **request: Any) -> dict[str, Any]:
        found = [
            (key, each) for (bucket, key), kept in self.objects.items() if bucket == request["Bucket"] for each in kept
        ]
        return {"Versions": [{"Key": key} for key, _ in found if key.startswith(request["Prefix"])]}

    def cloudformation_describe_stacks(self, **_: Any) -> dict[str, Any]:
        if self.status == "absent":
            raise refused("ValidationError", f"Stack with id {STACK} does not exist")
        parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in self.parameters.items()]
        return {"Stacks": [{"StackStatus": self.status, "Parameters": parameters}]}

    def cloudformation_describe_stack_events(self, **_: Any) -> dict[str, Any]:
        return {"StackEvents": list(reversed(self.stack_events))}

    def cloudformation_update_stack(self, **request: Any) -> dict[str, Any]:
        token = request["ClientRequestToken"]
        if any(each["ClientRequestToken"] == token for each in self.stack_events):
            raise refused("TokenAlreadyExistsException")
        if self.status.endswith("_IN_PROGRESS"):
            raise refused("ValidationError", f"Stack is in {self.status} state and can not be updated.")
        wanted = {each["ParameterKey"]: each.get("ParameterValue") for each in request["Parameters"]}
        parameters = {key: wanted[key] if wanted[key] is not None else value for key, value in self.parameters.items()}
        if parameters == self.parameters:
            raise refused("ValidationError", "No updates are to be performed.")
        self.before, self.parameters, self.status = self.parameters, parameters, "UPDATE_IN_PROGRESS"
        self.updates.append(parameters)
        self._stack_event("AWS::CloudFormation::Stack", "UPDATE_IN_PROGRESS", "", token)
        return {}

    def cloudformation_cancel_update_stack(self, **_: Any) -> dict[str, Any]:
        if self.status != "UPDATE_IN_PROGRESS":
            raise refused("ValidationError", f"CancelUpdateStack cannot be called from {self.status}")
        self.status = "UPDATE_ROLLBACK_IN_PROGRESS"
        return {}

    def _content(self, bucket: str, key: str) -> bytes:
        if (bucket, key) not in self.objects:
            raise refused("NoSuchKey", status=404)
        return self.objects[bucket, key][-1]

    def _change(self, version: int, by: str, **request: Any) -> None:
        package = self.packages[version]
        metadata = {**package.get("CustomerMetadataProperties", {}), **request.pop("CustomerMetadataProperties", {})}
        package.update(request, CustomerMetadataProperties=metadata, LastModifiedTime=self.clock)
        package["LastModifiedBy"] = {"IamIdentity": {"Arn": by}}

    def _stack_event(self, kind: str, status: str, reason: str, token: str = "") -> None:
        token = token or (self.stack_events[-1]["ClientRequestToken"] if self.stack_events else "")
        event = {"ResourceType": kind, "ResourceStatus": status, "ResourceStatusReason": reason}
        self.stack_events.append({**event, "ClientRequestToken": token, "Timestamp": self.clock})


class _Client:
    def __init__(self, account: ReleaseAccount, service: str) -> None:
        self._account, self._service = account, service
        self.meta = SimpleNamespace(partition="aws", region_name=REGION)
        self.exceptions = SimpleNamespace(NoSuchKey=ClientError)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        operation = getattr(self._account, f"{self._service}_{name}")

        def call(**request: Any) -> Any:
            self._account.calls.append(f"{self._service}.{name}")
            return self._account.around(len(self._account.calls), name, lambda: operation(**request))

        return call

    def get_paginator(self, name: str) -> Any:
        def paginate(**request: Any) -> Iterator[Any]:
            yield getattr(self, name)(**request)

        return SimpleNamespace(paginate=paginate)


def arn(version: int) -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/{GROUP}/{version}"


def session(role: str, who: str) -> str:
    return f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{who}"


def cloudtrail(who: str, role: str, version: int, *, at: datetime, event: str, **request: Any) -> dict[str, Any]:
    """Return the event of a call to UpdateModelPackage, as EventBridge delivers CloudTrail's record."""
    issuer = {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}", "accountId": ACCOUNT, "userName": role}
    user = {"type": "AssumedRole", "arn": session(role, who), "sessionContext": {"sessionIssuer": issuer}}
    spelt = {key[0].lower() + key[1:]: value for key, value in request.items()}
    return {
        "source": "aws.sagemaker",
        "detail-type": "AWS API Call via CloudTrail",
        "account": ACCOUNT,
        "detail": {
            "eventSource": "sagemaker.amazonaws.com",
            "eventName": "UpdateModelPackage",
            "eventTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventID": event,
            "userIdentity": user,
            "requestParameters": {"modelPackageArn": arn(version), **spelt},
        },
    }


def state_change(version: int, status: str) -> dict[str, Any]:
    detail = {"ModelPackageGroupName": GROUP, "ModelPackageArn": arn(version), "ModelApprovalStatus": status}
    return {"source": "aws.sagemaker", "detail-type": "SageMaker Model Package State Change", "detail": detail}


def stack_change(status: str) -> dict[str, Any]:
    stack = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/0"
    detail = {"stack-id": stack, "status-details": {"status": status}}
    return {"source": "aws.cloudformation", "detail-type": "CloudFormation Stack Status Change", "detail": detail}


TICK: dict[str, Any] = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
