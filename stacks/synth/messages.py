"""Messages to jsii's kernel and from it, without a general converter.

For each message jsii asks of every value in it what it is (`cattrs`). All that a request holds is JSON already or an object
that jsii's own encoder knows, and an answer holds what its decoder has made.
"""

from __future__ import annotations

import json
from typing import Any

from jsii._kernel.providers import process
from jsii._kernel.types import (
    CreateRequest,
    CreateResponse,
    GetRequest,
    GetResponse,
    InvokeRequest,
    InvokeResponse,
    ObjRef,
    SetRequest,
    SetResponse,
    StaticInvokeRequest,
)

_jsii: Any = process  # what of it is used here has no types


class QuickConverter:
    """The converter of one kernel process, with a short way for the messages that a synth is made of.

    Args:
        general: jsii's own converter, for all others: loading, callbacks, errors.
    """

    def __init__(self, general: Any) -> None:
        self._general = general

    def unstructure(self, request: Any) -> Any:
        """Return a request as JSON data, in which jsii's encoder will find the references."""
        kind = type(request)
        if kind is CreateRequest:
            overrides = [self._general.unstructure(each) for each in request.overrides]
            interfaces = request.interfaces
            return {
                "api": "create",
                "fqn": request.fqn,
                "args": request.args,
                "overrides": overrides,
                "interfaces": interfaces,
            }
        if kind is GetRequest:
            return {"api": "get", "objref": _jsii._unstructure_ref(request.objref), "property": request.property}
        if kind is InvokeRequest:
            return {
                "api": "invoke",
                "objref": _jsii._unstructure_ref(request.objref),
                "method": request.method,
                "args": request.args,
            }
        if kind is StaticInvokeRequest:
            return {"api": "sinvoke", "fqn": request.fqn, "method": request.method, "args": request.args}
        if kind is SetRequest:
            return {
                "api": "set",
                "objref": _jsii._unstructure_ref(request.objref),
                "property": request.property,
                "value": request.value,
            }
        return self._general.unstructure(request)

    def structure(self, data: Any, wanted: Any) -> Any:
        """Return JSON data as the type that is wanted."""
        if wanted is process._ProcessResponse and data.keys() == {"ok"}:
            return process._OkayResponse(data["ok"])
        if wanted is CreateResponse and isinstance(data, ObjRef):
            return CreateResponse(ref=data.ref)
        if wanted is GetResponse and data.keys() <= {"value"}:
            return GetResponse(data.get("value"))
        if wanted is InvokeResponse and data.keys() <= {"result"}:
            return InvokeResponse(data.get("result"))
        if wanted is SetResponse:
            return SetResponse()
        return self._general.structure(data, wanted)


def _hook(data: dict[str, Any]) -> Any:
    """Return what jsii makes of a JSON object; only one whose first key is jsii's own is more than a mapping."""
    return _jsii.ohook(data) if next(iter(data), "").startswith("$jsii.") else data


_decode = json.JSONDecoder(object_hook=_hook).decode  # `json.loads` would make one a message


def next_message(self: Any) -> Any:
    """Return the next message of the kernel; takes the place of a method of jsii's process."""
    return _decode(self._process.stdout.readline().decode())
