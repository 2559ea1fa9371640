"""Calls to jsii's kernel with less work a call: the same messages, written and read without a general converter.

A synth makes thousands of calls. For each, jsii checks every argument's type; it asks of every value in the request what it
is (`cattrs`), although all that a request holds is JSON already or an object that jsii's own encoder knows; it looks through
a Python class for overrides at each of its instances; and it asks again for names and ARNs that a construct has from its
beginning to its end.
"""

from __future__ import annotations

import json
from typing import Any

import jsii
from jsii import _kernel, _reference_map
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

from stacks.synth.type_checks import skip_type_checks

CONSTANT = frozenset({"bucketArn", "bucketName", "keyArn", "queueArn", "region", "securityGroupId", "topicArn"})
"""Properties whose answer is kept: read-only texts that a construct gets when it is made."""


def spare_work() -> None:
    """Let every later call cost less; must run before the first one, which is when `aws_cdk` is imported."""
    skip_type_checks()
    node: Any = process._NodeProcess
    prepare = node.__init__

    def prepare_quick(self: Any) -> None:
        prepare(self)
        self._serializer = _Quick(self._serializer)

    node.__init__, node._next_message = prepare_quick, _next_message
    kernel: Any = _kernel
    kernel._get_overides = _Overrides(kernel._get_overides)
    jsii.get = _Constants(jsii.get)  # what the generated classes call
    proxy: Any = _reference_map.InterfaceDynamicProxy
    proxy.__setattr__ = _set_once(proxy.__setattr__)


class _Quick:
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


_jsii: Any = process  # what of it is used has no types


def _hook(data: dict[str, Any]) -> Any:
    """Return what jsii makes of a JSON object; only one whose first key is jsii's own is more than a mapping."""
    return _jsii.ohook(data) if next(iter(data), "").startswith("$jsii.") else data


_decode = json.JSONDecoder(object_hook=_hook).decode  # `json.loads` would make one a message


def _next_message(self: Any) -> Any:
    return _decode(self._process.stdout.readline().decode())


class _Overrides:
    """Which members of a jsii class its Python class overrides, found once a class."""

    def __init__(self, find: Any) -> None:
        self._find = find
        self._known: dict[tuple[type, type], Any] = {}

    def __call__(self, klass: type, made: object) -> Any:
        key = klass, type(made)
        if key not in self._known:
            self._known[key] = self._find(klass, made)
        return self._known[key]


class _Constants:
    """The getter of jsii's classes, which asks for a constant property once an object."""

    def __init__(self, ask: Any) -> None:
        self._ask = ask
        self._known: dict[tuple[str, str], Any] = {}

    def __call__(self, made: Any, name: str) -> Any:
        if name not in CONSTANT:
            return self._ask(made, name)
        key = made.__jsii_ref__.ref, name
        if key not in self._known:
            self._known[key] = self._ask(made, name)
        return self._known[key]


def _set_once(general: Any) -> Any:
    """Return the setter of objects that jsii knows by interfaces only; its own reads a property to see whether it is there."""

    def set_once(self: Any, name: str, value: Any) -> None:
        for each in self._delegates if name != "_delegates" else ():
            if isinstance(getattr(type(each), name, None), property):
                setattr(each, name, value)
                return
        general(self, name, value)

    return set_once
