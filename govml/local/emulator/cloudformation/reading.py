"""Reads a resource back through the APIs, for the audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from govml.local.emulator.account import client
from govml.local.emulator.cloudformation.spec import Read, evaluate, evaluate_all


def call(service: str, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Call an API through the gateway; the answer comes without its metadata."""
    answer: dict[str, Any] = getattr(client(service), operation)(**parameters)
    answer.pop("ResponseMetadata", None)
    return answer


def documents(reads: Iterable[Read], scope: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Make all read calls; an answer that only says "not set" is left out.

    Raises:
        ClientError: any other error: a resource that cannot be read back was not really made.
    """
    found = []
    for read in reads:
        for item in (evaluate(read.each, scope) or []) if read.each else [None]:
            try:
                parameters = evaluate_all(read.parameters, {**scope, "item": item})
                found.append(call(read.service, read.operation, parameters))
            except ClientError as error:
                if error.response["Error"]["Code"] not in read.absent:
                    raise
    return found
