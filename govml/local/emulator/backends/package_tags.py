"""Tags of versioned model packages: moto fails on their ARNs, which have one slash more than it expects."""

from __future__ import annotations

from typing import Any

from govml.local.emulator.backends import moto
from govml.local.emulator.backends.errors import ApiError
from govml.local.emulator.backends.requests import ApiCall

_OPERATIONS = ("add_tags", "list_tags", "delete_tags")


def answers(call: ApiCall) -> dict[str, Any] | None:
    """Answer a call about the tags of a model package; None when it is about anything else.

    Raises:
        ApiError: there is no such package.
    """
    arn = call.parameters.get("ResourceArn", "")
    if call.service != "sagemaker" or call.operation not in _OPERATIONS or ":model-package/" not in arn:
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
