"""From an HTTP request to the API operation and its parameters, by botocore's service model."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore import xform_name

from govml.local.emulator.account import service_model


@dataclass(frozen=True)
class ApiCall:
    """One call of an AWS API.

    Args:
        service: botocore's name of the service.
        operation: the operation in boto3's spelling, as in `create_mlflow_app`.
        parameters: body members together with those in the path and the query.
    """

    service: str
    operation: str
    parameters: dict[str, Any]


@cache
def _routes(service: str) -> list[tuple[str, re.Pattern[str], str]]:
    """HTTP method, path pattern and operation name of each REST operation of a service."""
    model = service_model(service)
    routes = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        pattern = re.sub(r"\\\{(\w+)(?:\\\+)?\\\}", r"(?P<\1>[^/]+)", re.escape(http["requestUri"].split("?")[0]))
        routes.append((http["method"], re.compile(pattern), name))
    return routes


def parse(
    service: str, *, method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
) -> ApiCall | None:
    """Name the operation that a request calls, for the JSON and REST-JSON protocols; None when there is none."""
    target = headers.get("x-amz-target", "")
    payload = json.loads(body) if body else {}
    parameters: dict[str, Any] = payload if isinstance(payload, dict) else {}
    if target:
        return ApiCall(service, xform_name(target.rpartition(".")[2]), parameters)
    for verb, pattern, name in _routes(service):
        match = pattern.fullmatch(path)
        if verb == method and match:
            flat = {key: value[0] if isinstance(value, list) else value for key, value in query.items()}
            return ApiCall(service, xform_name(name), {**flat, **parameters, **match.groupdict()})
    return None
