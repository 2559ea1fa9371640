"""Tags as SageMaker keeps them: one value a key. moto adds a second, and fails on the ARNs of model packages."""

from __future__ import annotations

from typing import Any

from govml.local.emulator.backends import moto
from govml.local.emulator.backends.errors import ApiError
from govml.local.emulator.backends.requests import ApiCall

_OPERATIONS = ("add_tags", "list_tags", "delete_tags")


def answers(call: ApiCall) -> dict[str, Any] | None:
    """Answer a call about the tags of a model package; None leaves it to moto, where a tag that comes again is new then.

    Raises:
        ApiError: there is no such package.
    """
    arn = call.parameters.get("ResourceArn", "")
    if call.service != "sagemaker" or call.operation not in _OPERATIONS:
        return None
    if ":model-package/" not in arn:
        if call.operation == "add_tags":
            moto.backend("sagemaker").delete_tags(arn, [tag["Key"] for tag in call.parameters["Tags"]])
        return None
    package = moto.backend("sagemaker").model_packages.get(arn)
    if package is None:
        raise ApiError("ValidationException", f"Model package {arn} does not exist.")
    tags = {tag["Key"]: tag["Value"] for tag in package.tags or []}
    if call.operation == "add_tags":
        tags |= {tag["Key"]: tag["Value"] for tag in call.parameters["Tags"]}
    elif call.operation == "delete_tags":
        tags = {key: value for key, value in tags.items() if key not in call.parameters["TagKeys"]}
    package.tags = [{"Key": key, "Value": value} for key, value in tags.items()]
    return {} if call.operation == "delete_tags" else {"Tags": package.tags}
