"""The recorded-only store: it answers create, read, update, delete and list from memory, and does nothing else."""

from __future__ import annotations

import datetime
import threading
import uuid
from collections.abc import Callable
from typing import Any

from botocore import xform_name
from botocore.model import Shape

from govml.local.emulator.account import current_account, current_region, service_model
from govml.local.emulator.backends.errors import ApiError
from govml.local.emulator.backends.recorded_catalogue import CATALOGUE, Recorded
from govml.local.emulator.backends.requests import ApiCall

Record = dict[str, Any]
_lock = threading.Lock()
_records: dict[tuple[str, str, str, str], list[Record]] = {}


# How each service spells the tags of a resource that has none.
_TAGS = {"sagemaker": "Tags", "codeconnections": "Tags"}


def _shelf(kind: Recorded) -> list[Record]:
    """The records of one kind in the current account and region."""
    return _records.setdefault((kind.service, kind.noun, current_account(), current_region()), [])


def _arn(kind: Recorded, record: Record, generated: str) -> str:
    suffix = kind.arn.format(**{**record, "id": generated})
    return f"arn:aws:{kind.service}:{current_region()}:{current_account()}:{suffix}"


def _find(kind: Recorded, parameters: Record) -> Record:
    wanted = {name: parameters.get(name) for name in kind.key}
    for record in _shelf(kind):
        if all(record.get(name) == value for name, value in wanted.items()):
            return record
    raise ApiError("ResourceNotFoundException", f"{kind.noun} {wanted} does not exist")


def _create(kind: Recorded, parameters: Record) -> Record:
    generated = uuid.uuid4().hex[:10]
    now = datetime.datetime.now(datetime.UTC).timestamp()
    record = {**kind.defaults, **parameters, "CreationTime": now, "LastModifiedTime": now}
    if kind.id_member:
        record[kind.id_member] = f"g-{generated}" if kind.service == "grafana" else str(uuid.uuid4())
    if kind.service == "grafana":
        record["endpoint"] = f"g-{generated}.grafana-workspace.{current_region()}.amazonaws.com"
    record[kind.arn_member] = _arn(kind, record, generated)
    for other in _shelf(kind):
        if all(other.get(name) == record.get(name) for name in kind.key):
            raise ApiError("ConflictException", f"{kind.noun} { {name: record[name] for name in kind.key} } exists")
    _shelf(kind).append(record)
    return record


def _update(kind: Recorded, parameters: Record) -> Record:
    record = _find(kind, parameters)
    record.update(parameters, LastModifiedTime=datetime.datetime.now(datetime.UTC).timestamp())
    return record


def _delete(kind: Recorded, parameters: Record) -> Record:
    record = _find(kind, parameters)
    _shelf(kind).remove(record)
    return record


_VERBS: dict[str, Callable[[Recorded, Record], Record]] = {
    "create": _create,
    "read": _find,
    "update": _update,
    "delete": _delete,
}


def _shown(kind: Recorded, record: Record, shape: Shape | None) -> Record:
    """The members of a record that an answer's shape has, under the answer's names."""
    if shape is None:
        return {}
    named = {kind.rename.get(name, name): value for name, value in record.items()}
    return {member: named[member] for member in shape.members if member in named}


def _tags(call: ApiCall) -> Record | None:
    """The tags of a recorded resource; None when the ARN belongs to something else."""
    arn = next((value for name, value in call.parameters.items() if name.lower() == "resourcearn"), None)
    for (service, _noun, _account, _region), shelf in _records.items():
        for record in shelf if service == call.service else []:
            if arn is not None and arn in record.values():
                spelling = "Tags" if "Tags" in record else "tags" if "tags" in record else _TAGS.get(service, "tags")
                return {spelling: record.get(spelling, [])}
    return None


def _connect(parameters: Record) -> Record:
    """CodeArtifact: let a package repository fetch from a public one."""
    kind = next(kind for kind in CATALOGUE if kind.noun == "repository")
    with _lock:
        record = _find(kind, parameters)
        connection = {"externalConnectionName": parameters["external-connection"], "status": "AVAILABLE"}
        record["externalConnections"] = [connection]
    return {}


def _sink_of(parameters: Record) -> Record:
    kind = next(kind for kind in CATALOGUE if kind.noun == "sink")
    return _find(kind, {"Identifier": parameters["SinkIdentifier"]})


def _put_sink_policy(parameters: Record) -> Record:
    """Observability Access Manager: set who may link themselves to a sink."""
    with _lock:
        _sink_of(parameters)["Policy"] = parameters["Policy"]
    return _get_sink_policy(parameters)


def _get_sink_policy(parameters: Record) -> Record:
    """Observability Access Manager: return who may link themselves to a sink."""
    with _lock:
        record = _sink_of(parameters)
        return {"SinkArn": record["Identifier"], "Policy": record.get("Policy", "")}


_OWN: dict[str, Callable[[Record], Record]] = {
    "associate_external_connection": _connect,
    "put_sink_policy": _put_sink_policy,
    "get_sink_policy": _get_sink_policy,
}


def answers(call: ApiCall) -> Record | None:
    """Answer a call from the store; None when the call is not about a recorded-only kind.

    Raises:
        ApiError: the resource does not exist, or exists already.
    """
    if call.operation in _OWN:
        return _OWN[call.operation](call.parameters)
    if call.operation in ("list_tags", "list_tags_for_resource"):
        return _tags(call)
    for kind in CATALOGUE:
        if kind.service != call.service:
            continue
        verb, _, noun = call.operation.partition("_")
        model = service_model(kind.service)
        shape = _output(model, call.operation)
        with _lock:
            if verb in ("list", kind.read) and noun == f"{kind.noun}s" and kind.listed:
                wanted = {name: call.parameters[name] for name in kind.key if name in call.parameters}
                found = [each for each in _shelf(kind) if wanted.items() <= each.items()]
                return {kind.listed: [_shown(kind, each, shape.members[kind.listed].member) for each in found]}
            if noun == kind.noun and verb in {"create", kind.read, "update", "delete"}:
                record = _VERBS["read" if verb == kind.read else verb](kind, call.parameters)
                if kind.wrapper and shape is not None and kind.wrapper in shape.members:
                    return {kind.wrapper: _shown(kind, record, shape.members[kind.wrapper])}
                return _shown(kind, record, shape)
    return None


def _output(model: Any, operation: str) -> Any:
    for name in model.operation_names:
        if xform_name(name) == operation:
            return model.operation_model(name).output_shape
    return None
