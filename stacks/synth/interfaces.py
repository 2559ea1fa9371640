"""jsii's interfaces and modules, defined without what only an introspecting reader would use.

A module of `aws_cdk` declares an interface as a `typing` protocol, of which Python prepares structural checks that jsii never
makes, and ends with copying its public names into a second module: a fifth of Python's CPU in a synth.
"""

from __future__ import annotations

import sys
from typing import Any

import publication
from typing_extensions import Protocol

GENERATED = frozenset({"aws_cdk", "cdk_nag", "constructs"})
"""Packages that jsii generated."""


def define_briefly() -> None:
    """Let the packages that jsii generated define interfaces as plain classes and keep one module each.

    jsii's type checks go by the protocols, so they must have been left out (`type_checks.py`). Does nothing once one of the
    packages is imported: an interface of one kind cannot inherit from the other. All other protocols and modules stay as
    they are.
    """
    if not GENERATED.isdisjoint(sys.modules):
        return
    meta: Any = type(Protocol)
    meta.__new__ = staticmethod(_plain_class(meta.__new__))
    publication.publish = _publish_nothing


def _plain_class(general: Any) -> Any:
    def define(meta: Any, name: str, bases: tuple[Any, ...], namespace: dict[str, Any], **more: Any) -> Any:
        interfaces = tuple(base for base in bases if base is not Protocol)
        generated = namespace.get("__module__", "").partition(".")[0] in GENERATED
        if not generated or more or any(type(each) is not type for each in interfaces):
            return general(meta, name, bases, namespace, **more)
        namespace["__protocol_attrs__"] = frozenset()  # the generated code takes jsii's own names out of them
        return type(name, interfaces, namespace)

    return define


def _publish_nothing() -> None:
    """Leave the calling module as it is; its private names stay readable."""
