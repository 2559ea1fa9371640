"""From a tree of CloudFormation properties to botocore parameters, by the shape of the API's input."""

from __future__ import annotations

import json
import uuid
from typing import Any

from botocore import xform_name
from botocore.model import Shape
from botocore.validate import ParamValidator

from govml.local.emulator.account import service_model

_TRUTH = {"true": True, "false": False}


def coerce(shape: Shape, value: Any, path: str) -> Any:
    """Convert one value to what a shape wants; member names match without regard to case.

    Args:
        shape: botocore shape of the parameter.
        value: property value; scalars may be text, as CloudFormation allows.
        path: where the value stands, for messages.

    Raises:
        ValueError: a property is no member of the API's input, or has another structure.
    """
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape, value, path)
    if kind == "list":
        if not isinstance(value, list):
            raise ValueError(f"{path}: expected a list, got {type(value).__name__}")
        return [coerce(shape.member, item, f"{path}[{index}]") for index, item in enumerate(value)]
    if kind == "map":
        if isinstance(value, list):  # tags: a list of Key and Value in CloudFormation, a map in many APIs
            return {item["Key"]: item["Value"] for item in value}
        return {key: coerce(shape.value, item, f"{path}.{key}") for key, item in value.items()}
    return _scalar(kind, value, path)


def _structure(shape: Shape, value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{path}: expected an object, got {type(value).__name__}")
    members = {name.lower(): name for name in shape.members}
    result = {}
    for key, item in value.items():
        member = members.get(key.lower())
        if member is None:
            raise ValueError(f"{path}.{key} is not a member of the API's {shape.name}")
        result[member] = coerce(shape.members[member], item, f"{path}.{member}")
    return result


def _scalar(kind: str, value: Any, path: str) -> Any:
    if kind == "string":
        if isinstance(value, dict | list):
            return json.dumps(value)
        return str(value).lower() if isinstance(value, bool) else str(value)
    if kind in ("integer", "long"):
        return int(value)
    if kind in ("float", "double"):
        return float(value)
    if kind == "boolean":
        if not isinstance(value, bool) and str(value).lower() not in _TRUTH:
            raise ValueError(f"{path}: expected true or false, got {value!r}")
        return value if isinstance(value, bool) else _TRUTH[str(value).lower()]
    return value


def input_shape(service: str, operation: str) -> Any:
    """Return the input shape of an operation in boto3's spelling, as in `create_flow_logs`."""
    model = service_model(service)
    for name in model.operation_names:
        if xform_name(name) == operation:
            return model.operation_model(name).input_shape
    raise LookupError(f"{service} has no operation {operation}")


def parameters(service: str, operation: str, properties: dict[str, Any], resource_type: str) -> dict[str, Any]:
    """Build the parameters of a create call and check them against the API's model.

    Raises:
        ValueError: a property that the API does not know, or a value that its model refuses.
    """
    shape = input_shape(service, operation)
    result: dict[str, Any] = coerce(shape, properties, resource_type)
    for name, member in shape.members.items():
        if member.metadata.get("idempotencyToken") and name not in result:
            result[name] = str(uuid.uuid4())
    report = ParamValidator().validate(result, shape)
    if report.has_errors():
        raise ValueError(f"{resource_type}: {report.generate_report()}")
    return result


def accepted(service: str, operation: str, properties: dict[str, Any], resource_type: str) -> dict[str, Any]:
    """Build the parameters of an update call: only the properties that the API lets one change."""
    shape = input_shape(service, operation)
    members = {name.lower() for name in shape.members}
    kept = {key: value for key, value in properties.items() if key.lower() in members}
    result: dict[str, Any] = coerce(shape, kept, resource_type)
    return result
