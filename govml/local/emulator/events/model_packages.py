"""The registry's part: who made and changed a model package, and `SageMaker Model Package State Change`.

Fields as in SageMaker's developer guide, "Events that Amazon SageMaker AI sends to Amazon EventBridge".
"""

from __future__ import annotations

import datetime
from typing import Any

from govml.local.emulator.backends import moto
from govml.local.emulator.backends.requests import ApiCall
from govml.local.emulator.events import bus
from govml.local.emulator.events.identity import Caller

_MEMBERS = (
    "ModelPackageGroupName",
    "ModelPackageVersion",
    "ModelPackageArn",
    "ModelPackageDescription",
    "CreationTime",
    "InferenceSpecification",
    "ModelPackageStatus",
    "ModelPackageStatusDetails",
    "CertifyForMarketplace",
    "ModelApprovalStatus",
    "MetadataProperties",
    "ModelMetrics",
    "LastModifiedTime",
    "ApprovalDescription",
    "CustomerMetadataProperties",
)
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def changed(call: ApiCall, who: Caller, arn: str) -> None:
    """Note who made or changed a package, and put the event of its state."""
    package = moto.backend("sagemaker").model_packages[arn]
    identity = {"IamIdentity": who.iam_identity()}
    if call.operation == "create_model_package":
        package.created_by = identity
    else:
        package.last_modified_by = identity
    bus.put("aws.sagemaker", "SageMaker Model Package State Change", _detail(package), [arn])


def _detail(package: Any) -> dict[str, Any]:
    described = package.gen_response_object()
    described.setdefault("LastModifiedTime", described["CreationTime"])
    return {
        name: value.strftime(_TIME) if isinstance(value, datetime.datetime) else value
        for name, value in described.items()
        if name in _MEMBERS
    }
