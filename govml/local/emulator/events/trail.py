"""`AWS API Call via CloudTrail`: each call of SageMaker that changes something, with who made it.

Fields as in CloudTrail's record contents (user guide, "CloudTrail record contents"). Read-only calls do not reach the
default bus in this form, so they are left out here too.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Mapping
from typing import Any

from botocore import xform_name
from botocore.model import ListShape, Shape, StructureShape

from govml.local.emulator.account import current_account, current_region, service_model
from govml.local.emulator.backends.requests import ApiCall
from govml.local.emulator.events import bus
from govml.local.emulator.events.identity import Caller

_READS = ("describe_", "list_", "get_", "search", "batch_describe_", "query_", "render_")
VERSION = "1.11"


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]


def recorded(value: Any, shape: Shape | None) -> Any:
    """Spell a request or an answer as CloudTrail does: members start with a small letter, keys of maps stay."""
    if isinstance(value, dict) and isinstance(shape, StructureShape):
        members = shape.members
        return {_camel(name): recorded(item, members.get(name)) for name, item in value.items()}
    if isinstance(value, list) and isinstance(shape, ListShape):
        return [recorded(item, shape.member) for item in value]
    return value


def _operation(service: str, operation: str) -> Any:
    model = service_model(service)
    name = next(name for name in model.operation_names if xform_name(name) == operation)
    return model.operation_model(name)


def call(api: ApiCall, who: Caller, headers: Mapping[str, str], answer: tuple[int, Mapping[str, str], bytes]) -> None:
    """Put the event of one call, refused calls included; nothing for a call that only reads."""
    if api.operation.startswith(_READS):
        return
    operation = _operation(api.service, api.operation)
    status, _, content = answer
    body = json.loads(content) if content.strip() else {}
    outcome: dict[str, Any] = {"responseElements": recorded(body, operation.output_shape) or None}
    if status >= 300:
        code = str(body.get("__type", "Unknown")).rpartition("#")[2]
        message = body.get("message") or body.get("Message", "")
        outcome = {"errorCode": code, "errorMessage": message, "responseElements": None}
    detail = {
        "eventVersion": VERSION,
        "userIdentity": who.user_identity(),
        "eventTime": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": f"{api.service}.amazonaws.com",
        "eventName": operation.name,
        "awsRegion": current_region(),
        "sourceIPAddress": "127.0.0.1",
        "userAgent": headers.get("user-agent", ""),
        "requestParameters": recorded(api.parameters, operation.input_shape),
        **outcome,
        "requestID": str(uuid.uuid4()),
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": current_account(),
        "eventCategory": "Management",
    }
    bus.put(f"aws.{api.service}", "AWS API Call via CloudTrail", detail)
