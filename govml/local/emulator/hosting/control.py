"""What the front asks and tells, below a path of its own beside SageMaker's API: no AWS service has these operations."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from govml.local.emulator.backends import alarm_evaluation
from govml.local.emulator.backends.errors import ApiError
from govml.local.emulator.events import endpoints as events
from govml.local.emulator.hosting import access, leases
from govml.local.emulator.hosting.records import IN_SERVICE, MOVING, Record, lock, shelf

PREFIX = "/govml-hosting/"
Parameters = dict[str, Any]


def attach(parameters: Parameters) -> Parameters:
    """A front takes the endpoints over."""
    lease = leases.attach(parameters["url"], int(parameters["pid"]), float(parameters["speed"]))
    return {"session": lease.session}


def detach(parameters: Parameters) -> Parameters:
    """The front ends."""
    leases.detach(parameters["session"])
    return {}


def _told(record: Record) -> Parameters:
    return {
        "name": record.name,
        "arn": events.arn(record.name),
        "status": record.status,
        "generation": record.generation,
        "live": record.live,
        "target": record.target,
        "deployment": record.deployment,
        "progress": record.progress,
    }


def sync(parameters: Parameters) -> Parameters:
    """Tell the front what each endpoint is to be; this renews its lease."""
    leases.renew(parameters["session"])
    alarm_evaluation.judge_now_and_then()
    with lock:
        return {"endpoints": [_told(record) for record in shelf().values()]}


def report(parameters: Parameters) -> Parameters:
    """The front tells how far a deployment has come; a report about an earlier one changes nothing."""
    leases.renew(parameters["session"])
    with lock:
        record = shelf().get(parameters["name"])
        if record is None or record.generation != parameters["generation"] or record.status not in MOVING:
            return {"accepted": False}
        record.progress = parameters.get("progress") or {}
        record.reason = parameters.get("reason") or record.reason
        status = parameters["status"]
        if status == IN_SERVICE:
            record.live = record.target if parameters["taken"] else record.live
        if status not in MOVING:
            record.target = None
        if status != record.status:
            record.status = status
            events.changed(record)
    return {"accepted": True}


OPERATIONS: dict[str, Callable[[Parameters], Parameters]] = {
    "attach": attach,
    "detach": detach,
    "sync": sync,
    "report": report,
    "credential": access.credential,
    "permission": access.permission,
}


def answer(path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
    """Answer one call, `POST /govml-hosting/<operation>` with a JSON body."""
    try:
        operation = OPERATIONS.get(path.removeprefix(PREFIX))
        if operation is None:
            raise ApiError("UnknownOperationException", f"{path} is no operation of the front")
        found = operation(json.loads(body))
    except ApiError as error:
        return error.response()
    return 200, {"content-type": "application/json"}, json.dumps(found, default=str).encode()
