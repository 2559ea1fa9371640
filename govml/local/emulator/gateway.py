"""Adds the services that MiniStack lacks to its gateway: recorded-only answers, filled gaps, and moto for the rest."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from govml.local.emulator import routing, warmup
from govml.local.emulator.backends import (
    alarm_evaluation,
    alarm_math,
    build_projects,
    flow_logs,
    guardrails,
    moto,
    moto_gaps,
    moto_rewrites,
    package_tags,
    recorded,
    recorded_settings,
    s3_managed_key,
    vpc_endpoints,
)
from govml.local.emulator.backends.errors import ApiError
from govml.local.emulator.backends.moto import Response
from govml.local.emulator.backends.requests import ApiCall, parse
from govml.local.emulator.events import sagemaker as sagemaker_events
from govml.local.emulator.executions import control as executions_control
from govml.local.emulator.executions import operations as executions
from govml.local.emulator.hosting import configs, control, endpoints, invoke

Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[Response]]
logger = logging.getLogger("govml.gateway")

SAGEMAKER = {**moto_gaps.OPERATIONS, **configs.OPERATIONS, **endpoints.OPERATIONS, **executions.OPERATIONS}

# Signing name of a request -> botocore's service name, for the services that moto answers ...
MOTO_SERVICES = {
    "application-autoscaling": "application-autoscaling",
    "aps": "amp",
    "codepipeline": "codepipeline",
    "s3vectors": "s3vectors",
    "sagemaker": "sagemaker",
}
# ... and for those where nothing but the recorded-only store answers.
RECORDED_SERVICES = {
    "ce": "ce",
    "chatbot": "chatbot",
    "codeartifact": "codeartifact",
    "codeconnections": "codeconnections",
    "grafana": "grafana",
    "oam": "oam",
    "redshift-serverless": "redshift-serverless",
}


def _answer(body: Mapping[str, Any]) -> Response:
    return 200, {"content-type": "application/x-amz-json-1.1"}, json.dumps(body, default=str).encode()


def respond(service: str, *, with_moto: bool, request: dict[str, Any]) -> Response:
    """Answer one request for a service that MiniStack lacks. Blocks; call it from a worker thread.

    Args:
        service: botocore's name of the service.
        with_moto: whether moto knows the service.
        request: `method`, `path`, `headers`, `body` and `query`.
    """
    call = parse(service, **request)
    try:
        answer = _from_ours(service, call, request) or _from_moto(service, with_moto, request)
    except ApiError as error:
        answer = error.response()
    except ClientError as error:  # a resource that the request names does not exist in MiniStack
        detail = error.response["Error"]
        answer = ApiError(detail["Code"], detail["Message"]).response()
    if service == "sagemaker" and call is not None:
        sagemaker_events.after(call, request["headers"], answer)
    return answer


def _from_ours(service: str, call: ApiCall | None, request: dict[str, Any]) -> Response | None:
    """An answer from the recorded-only store or from a filled gap; else None, perhaps with the request rewritten."""
    if call is None:
        return None
    stored = recorded.answers(call)
    if stored is None:
        stored = package_tags.answers(call)
    if stored is not None:
        return _answer(stored)
    if service == "sagemaker" and call.operation in SAGEMAKER:
        with moto.refusals():
            return _answer(SAGEMAKER[call.operation](call.parameters))
    rewrite = moto_rewrites.REWRITES.get((service, call.operation))
    if rewrite:
        request["body"] = json.dumps(rewrite(call.parameters)).encode()
    return None


def _from_moto(service: str, known: bool, request: dict[str, Any]) -> Response:
    if known:
        return moto.forward(**request)
    target = request["headers"].get("x-amz-target", request["path"])
    raise ApiError("UnsupportedOperation", f"the local account does not emulate {service}: {target}", status=501)


def _handler(service: str, *, with_moto: bool) -> Handler:
    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Response:
        logger.debug("%s %s -> %s", method, path, service)
        request = {"method": method, "path": path, "headers": headers, "body": body, "query": query_params}
        return await asyncio.to_thread(respond, service, with_moto=with_moto, request=request)

    return handle


async def _sagemaker(
    method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
) -> Response:
    """SageMaker; or SageMaker Runtime, which has the same signing name; or what processes beside the emulator ask and tell."""
    if path == alarm_evaluation.PATH:  # on this thread, as alarms are judged when data arrive
        return _answer(alarm_evaluation.judge_at(**json.loads(body)))
    if path.startswith(control.PREFIX):
        return await asyncio.to_thread(control.answer, path, body)
    if path.startswith(executions_control.PREFIX):
        return await asyncio.to_thread(executions_control.answer, path, body)
    if path.startswith(invoke.PREFIX):
        return await asyncio.to_thread(invoke.relay, method, path, headers, body, query_params)
    return await _handler("sagemaker", with_moto=True)(method, path, headers, body, query_params)


def _with_settings(service: str, native: Handler) -> Handler:
    """MiniStack's handler of a service, with the few operations in front that are recorded only."""
    operations = recorded_settings.OPERATIONS[service]

    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Response:
        call = None
        if "x-amz-target" in headers:
            call = parse(service, method=method, path=path, headers=headers, body=body, query=query_params)
        if call is None or call.operation not in operations:
            return await native(method, path, headers, body, query_params)
        try:
            return _answer(operations[call.operation](call.parameters))
        except ApiError as error:
            return error.response()

    return handle


def install(handlers: dict[str, Handler]) -> None:
    """Add our handlers to the gateway's table. A service that MiniStack has keeps MiniStack's handler.

    Args:
        handlers: MiniStack's `SERVICE_HANDLERS`.
    """
    for signing_name, service in MOTO_SERVICES.items():
        handlers.setdefault(signing_name, _handler(service, with_moto=True))
    for signing_name, service in RECORDED_SERVICES.items():
        handlers.setdefault(signing_name, _handler(service, with_moto=False))
    handlers["sagemaker"] = _sagemaker
    for service in recorded_settings.OPERATIONS:
        handlers[service] = _with_settings(service, handlers[service])
    handlers["bedrock"] = guardrails.corrected(handlers["bedrock"])
    handlers["s3"] = warmup.on_first_object(s3_managed_key.with_managed_key(handlers["s3"]))
    routing.install(handlers)
    alarm_evaluation.install()
    alarm_math.install()
    vpc_endpoints.install()
    flow_logs.install()
    build_projects.install()
