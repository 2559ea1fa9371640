"""Corrections to MiniStack's guardrails: AWS-like identifiers, answers in the API's shape, deletable versions.

MiniStack evaluates guardrails when a model is called, so they stay there. But it answers a guardrail's policies in the
shape of the request (`filtersConfig`), which clients drop silently, and it deletes the guardrail with any one version.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from ministack.services import bedrock

Response = tuple[int, dict[str, str], bytes]
Native = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[Response]]
# A guardrail is named by its identifier or by its ARN; MiniStack knows no slash in an identifier.
_ITEM = re.compile(r"/guardrails/(?:arn:[^/]+:guardrail/)?([^/]+)")
_PREFIX = "gr-"


def _answer_shape(node: Any) -> Any:
    """Rename the request's `...Config` lists to the names of the answer, as in `filtersConfig` -> `filters`."""
    if isinstance(node, list):
        return [_answer_shape(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        (key.removesuffix("Config") if isinstance(value, list) else key): _answer_shape(value)
        for key, value in node.items()
    }


def _with_aws_identifier(answer: dict[str, Any]) -> dict[str, Any]:
    """Give a fresh guardrail an identifier of letters and digits only, as AWS's own schemas demand it."""
    before, after = answer["guardrailId"], answer["guardrailId"].removeprefix(_PREFIX)
    record = bedrock._guardrails.pop(before)
    arn = record["GuardrailArn"]
    record["GuardrailId"], record["GuardrailArn"] = after, arn.replace(before, after)
    bedrock._guardrails[after] = record
    if arn in bedrock._tags:
        bedrock._tags[record["GuardrailArn"]] = bedrock._tags.pop(arn)
    return {**answer, "guardrailId": after, "guardrailArn": record["GuardrailArn"]}


def _delete_version(identifier: str, version: str) -> Response:
    key = f"{identifier.rpartition('/')[2]}/{version}"
    if bedrock._guardrail_versions.pop(key, None) is None:
        body = {"__type": "ResourceNotFoundException", "message": f"Guardrail version {key} not found."}
        return 404, {"content-type": "application/json"}, json.dumps(body).encode()
    return 202, {"content-type": "application/json"}, b"{}"


def _describe_version(answer: dict[str, Any], body: bytes) -> None:
    """Keep the description of a version, which MiniStack drops."""
    record = bedrock._guardrail_versions[f"{answer['guardrailId']}/{answer['version']}"]
    record["Description"] = json.loads(body or b"{}").get("description", "")


def corrected(native: Native) -> Native:
    """Put the corrections in front of MiniStack's handler for Bedrock. It runs on the event loop, like MiniStack's."""

    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Response:
        item = _ITEM.fullmatch(unquote(path))
        path = f"/guardrails/{item[1]}" if item else path
        version = (query_params.get("guardrailVersion") or [None])[0]
        if item and method == "DELETE" and version:
            return _delete_version(item[1], version)
        status, answer_headers, content = await native(method, path, headers, body, query_params)
        if status < 300 and path == "/guardrails" and method == "POST":
            content = json.dumps(_with_aws_identifier(json.loads(content))).encode()
        elif status < 300 and item and method == "POST":
            _describe_version(json.loads(content), body)
        elif status < 300 and item and method == "GET":
            content = json.dumps(_answer_shape(json.loads(content))).encode()
        return status, answer_headers, content

    return handle
