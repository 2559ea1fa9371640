"""Runs a command of the AWS command line against a local account, by the same models of the services that it is made from.

Each flag must be a parameter of the operation, each value of its type: what the real command line would refuse fails here too.
"""

from __future__ import annotations

import shlex
from typing import Any

import jmespath
from botocore import xform_name
from botocore.model import Shape

from govml.local import Connection


def run_aws(account: Connection, text: str) -> Any:
    """Run `aws SERVICE OPERATION --flag value ...` and return the answer.

    Raises:
        AssertionError: the command line has no such operation or flag.
        botocore.exceptions.ClientError: the account refuses.
    """
    program, service, operation, *rest = shlex.split(text)
    assert program == "aws"
    custom = _CUSTOM.get((service, operation))
    if custom:
        return custom(account, rest)
    client = account.client(service)
    names = {xform_name(each, "-"): each for each in client.meta.service_model.operation_names}
    assert operation in names, f"there is no `aws {service} {operation}`"
    shape = client.meta.service_model.operation_model(names[operation]).input_shape
    members = {xform_name(each, "-"): each for each in (shape.members if shape else ())}
    given, query = {}, "@"
    for flag, values in _flags(rest):
        if flag == "region":  # the local account has one
            continue
        if flag == "query":
            (query,) = values
            continue
        assert flag in members, f"`aws {service} {operation}` has no --{flag}"
        given[members[flag]] = _value(shape.members[members[flag]], values)
    return jmespath.search(query, getattr(client, xform_name(names[operation]))(**given))


def _flags(words: list[str]) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for word in words:
        if word.startswith("--"):
            found.append((word.removeprefix("--"), []))
        else:
            assert found, f"{word} stands before any flag"
            found[-1][1].append(word)
    return found


def _value(shape: Shape, values: list[str]) -> Any:
    kind = shape.type_name
    if kind == "list":
        return [_value(shape.member, [each]) for each in values]  # type: ignore[attr-defined]  # ListShape
    (value,) = values or ["true"]
    if kind == "structure":
        parts = dict(part.split("=", 1) for part in value.split(","))
        members = shape.members  # type: ignore[attr-defined]  # StructureShape
        assert set(parts) <= set(members), f"{value}: {set(parts) - set(members)} is unknown"
        return {name: _value(members[name], [each]) for name, each in parts.items()}
    if kind == "map":
        name, each = value.split("=", 1)
        return {name: each.split(",") if shape.value.type_name == "list" else each}  # type: ignore[attr-defined]  # MapShape
    return {"integer": int, "long": int, "boolean": lambda text: text == "true"}.get(kind, str)(value)


def _list_objects(account: Connection, words: list[str]) -> Any:
    uri, *flags = words
    assert set(flags) <= {"--recursive", "--human-readable"}
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    return account.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)


def _copy_out(account: Connection, words: list[str]) -> bytes:
    uri, to = words
    assert to == "-", "only to the terminal"
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bytes(account.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())


def _tail(account: Connection, words: list[str]) -> Any:
    group, *rest = words
    flags = dict(_flags(rest))
    assert set(flags) <= {"since", "log-stream-name-prefix"}
    prefix = {"logStreamNamePrefix": flags["log-stream-name-prefix"][0]} if "log-stream-name-prefix" in flags else {}
    return account.client("logs").filter_log_events(logGroupName=group, **prefix)


_CUSTOM = {("s3", "ls"): _list_objects, ("s3", "cp"): _copy_out, ("logs", "tail"): _tail}
