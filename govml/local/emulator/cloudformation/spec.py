"""What one resource type needs to be provisioned through an API, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import jmespath

Properties = dict[str, Any]
_TAIL = "tail:"


class Tier(StrEnum):
    """How much of a resource really exists in the local account."""

    NATIVE = "native"
    BACKED = "backed"
    RECORDED = "recorded only"


def unchanged(properties: Properties) -> Properties:
    """The default request: the API takes the template's properties as they are."""
    return properties


@dataclass(frozen=True)
class Read:
    """One call that shows what really exists.

    Args:
        service: boto3 service.
        operation: boto3 method, as in `get_bucket_encryption`.
        parameters: parameter -> JMESPath over `{id, properties, attributes, region, account}` of a native type, or over
            `{request, response, resource, key}` of an API type.
        absent: error codes that mean "not set", as in `NoSuchLifecycleConfiguration`.
        each: JMESPath of a list; the call is made once for each `item` in it.
    """

    service: str
    operation: str
    parameters: Mapping[str, str]
    absent: tuple[str, ...] = ()
    each: str | None = None


@dataclass(frozen=True)
class FollowUp:
    """A property that the create call does not take, applied by a call of its own.

    Args:
        put: boto3 method that sets it, on create and on each change.
        parameters: parameter -> JMESPath over `{value, key}`.
        each: the property is a list, and the call is made for each of its items.
    """

    put: str
    parameters: Mapping[str, str]
    each: bool = False


@dataclass(frozen=True)
class ApiType:
    """A resource type that is provisioned through an API of another backend than MiniStack's CloudFormation engine.

    Expressions are JMESPath over `{request, response, resource}`: the parameters of the create call, its answer, and
    what the read call answered. With `tail:` in front they give the part of an ARN behind its last slash.

    Args:
        tier: `BACKED` or `RECORDED`.
        backend: who answers: `moto`, `MiniStack` or `recorded`.
        service: boto3 service.
        create: boto3 method.
        read: boto3 method that reads it back.
        delete: boto3 method.
        key: parameters of read, update and delete -> expression.
        ref: what `Ref` returns.
        attributes: what `Fn::GetAtt` returns.
        update: boto3 method; without one, a change deletes and creates.
        update_key: parameters of update, where they differ from `key`.
        delete_key: parameters of delete, where they differ from `key`.
        name: the property that names the resource; generated when a template leaves it out.
        request: from properties to the request's members.
        update_request: the same for the update call, where it differs.
        dropped: properties that the API does not take; the audit reports them as lost.
        follow_ups: property -> further call.
        extra_reads: more calls for the audit.
        before: done just before the create call, with the template's properties.
        settled: done after the create call and each update, with the request that was sent: it waits until the resource
            is what the request asked for, as CloudFormation does, and raises a ValueError when it will not be.
        renamed: property -> names under which the API answers it.
        unreadable: property paths that the API never answers, beyond those that AWS's schema marks as write-only.
    """

    tier: Tier
    backend: str
    service: str
    create: str
    read: str
    delete: str
    key: Mapping[str, str]
    ref: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    update: str | None = None
    update_key: Mapping[str, str] | None = None
    delete_key: Mapping[str, str] | None = None
    name: str | None = None
    request: Callable[[Properties], Properties] = unchanged
    update_request: Callable[[Properties], Properties] | None = None
    dropped: tuple[str, ...] = ()
    follow_ups: Mapping[str, FollowUp] = field(default_factory=dict)
    extra_reads: tuple[Read, ...] = ()
    before: Callable[[Properties], None] | None = None
    settled: Callable[[Properties], None] | None = None
    renamed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()


def evaluate(expression: str, scope: Mapping[str, Any]) -> Any:
    """Evaluate an expression of this table: JMESPath, or `tail:` and JMESPath for what stands behind the last slash."""
    if expression.startswith(_TAIL):
        return str(jmespath.search(expression.removeprefix(_TAIL), scope)).rpartition("/")[2]
    return jmespath.search(expression, scope)


def evaluate_all(expressions: Mapping[str, str], scope: Mapping[str, Any]) -> dict[str, Any]:
    """Evaluate a mapping of expressions; those that find nothing are left out."""
    values = {name: evaluate(expression, scope) for name, expression in expressions.items()}
    return {name: value for name, value in values.items() if value is not None}
