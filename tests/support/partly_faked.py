"""A boto3 session some of whose answers are written down: errors, and services that moto does not have."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import boto3
from botocore.exceptions import ClientError

Answers = Mapping[tuple[str, str], Any]
ACCOUNT, REGION, BOUNDARY = "123456789012", "ap-southeast-1", "AgencyBoundary"
ANYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
JOBS = [f"ml.m5.large for {kind} job usage" for kind in ("processing", "training")]
QUOTAS = {"vpc": {"Interface VPC endpoints per VPC": 50.0}, "sagemaker": dict.fromkeys(JOBS, 4.0)}


def refused(code: str) -> ClientError:
    """An error as a service answers it."""
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Operation")


class Session:
    """Gives clients of moto, except for (service, method) pairs with an answer or exception of their own."""

    def __init__(self, answers: Answers) -> None:
        self._answers = dict(answers)

    def client(self, service: str, *, region_name: str, **_options: Any) -> _Client:
        return _Client(service, self._answers, client(service, region_name))


@lru_cache(maxsize=64)
def client(service: str, region: str = REGION) -> Any:
    """One client a service: making one takes up to half a second."""
    return boto3.client(service, region_name=region)


class _Client:
    def __init__(self, service: str, answers: Answers, real: Any) -> None:
        self._service, self._answers, self._real = service, answers, real

    def can_paginate(self, method: str) -> bool:
        return (self._service, method) not in self._answers and self._real.can_paginate(method)

    def __getattr__(self, method: str) -> Any:
        if (self._service, method) not in self._answers:
            return getattr(self._real, method)
        answer = self._answers[self._service, method]

        def call(**parameters: Any) -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer(parameters) if callable(answer) else answer

        return call


def quotas(changes: dict[str, float] | None = None) -> Callable[[dict[str, Any]], Any]:
    """Service Quotas, which moto does not have."""

    def answer(parameters: dict[str, Any]) -> dict[str, Any]:
        known = {**QUOTAS[parameters["ServiceCode"]]}
        known |= {name: value for name, value in (changes or {}).items() if name in known}
        return {"Quotas": [{"QuotaName": name, "Value": value} for name, value in known.items()]}

    return answer


def concurrency(unreserved: int) -> dict[str, Any]:
    return {"AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": unreserved}}


NOT_IN_MOTO: Answers = {
    ("service-quotas", "list_service_quotas"): quotas(),
    ("lambda", "get_account_settings"): concurrency(1000),
}
