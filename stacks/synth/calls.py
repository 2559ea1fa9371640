"""Calls to jsii's kernel with less work a call.

A synth makes thousands of calls. For each, jsii checks every argument's type, asks of plain data whether it is something
else, and converts the message (`messages.py`); it looks through a Python class for overrides at each of its instances; it
reads a property before it sets it; and it asks again for names and ARNs that a construct has from its beginning to its end.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import jsii
from jsii import _kernel, _reference_map
from jsii._kernel.providers import process

from govml.kernel.prepare import CACHE_VARIABLE, OFF
from stacks.synth.interfaces import define_briefly
from stacks.synth.messages import QuickConverter, next_message
from stacks.synth.type_checks import skip_type_checks

CONSTANT = frozenset({"bucketArn", "bucketName", "keyArn", "queueArn", "region", "securityGroupId", "topicArn"})
"""Properties whose answer is kept: read-only texts that a construct gets when it is made."""


def spare_work() -> None:
    """Let every later call cost less; must run before the first one, which is when `aws_cdk` is imported.

    `GOVML_KERNEL_CACHE=off` leaves jsii as it is on this side, too.
    """
    if os.environ.get(CACHE_VARIABLE) == OFF:
        return
    skip_type_checks()
    define_briefly()
    node: Any = process._NodeProcess
    prepare = node.__init__

    def prepare_quick(self: Any) -> None:
        prepare(self)
        self._serializer = QuickConverter(self._serializer)

    node.__init__, node._next_message = prepare_quick, next_message
    at_work: Any = process
    at_work._stack_traces_enabled = cache(at_work._stack_traces_enabled)  # it reads the environment
    kernel: Any = _kernel
    kernel._get_overides = _Overrides(kernel._get_overides)
    kernel._make_reference_for_native = plain_first(kernel._make_reference_for_native)
    jsii.get = _Constants(jsii.get)  # what the generated classes call
    proxy: Any = _reference_map.InterfaceDynamicProxy
    proxy.__setattr__ = _set_once(proxy.__setattr__)


def plain_first(general: Any) -> Any:
    """Return the function that prepares arguments.

    Most are plain data, of which jsii asks first what else they may be. Of a struct it sends every property that there could
    be, most of them as null, which the kernel takes for one that was not given; here only those that were.
    """
    plain = frozenset({str, int, float, bool, type(None)})

    def prepared(kernel: Any, value: Any) -> Any:
        kind = type(value)
        if kind in plain:
            return value
        if kind is dict:
            return {"$jsii.map": {key: prepared(kernel, each) for key, each in value.items()}}
        if kind is list:
            return [prepared(kernel, each) for each in value]
        names = getattr(kind, "__jsii_name_mapping__", None)
        if names is None:
            return general(kernel, value)
        given = {names[name]: prepared(kernel, each) for name, each in value._values.items()}
        return {"$jsii.struct": {"fqn": kind.__jsii_type__, "data": given}}

    return prepared


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
