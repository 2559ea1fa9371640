"""The canary function: looks at every endpoint and says what it saw, as lines that CloudWatch makes metrics of."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config

from govml.canary.probe import FAILED, Seen, Target, probe

NAMESPACE, DIMENSION = "GovML/Canary", "Endpoint"


@lru_cache
def _client(service: str) -> Any:
    tries = {"mode": "standard", "total_max_attempts": 1 if service == "sagemaker-runtime" else 3}
    return boto3.client(service, config=Config(retries=tries, connect_timeout=3, read_timeout=20))


def handle(_event: Mapping[str, Any], _context: Any) -> dict[str, str]:
    """Look at every endpoint, and return endpoint -> outcome.

    Environment: `ARTIFACTS` (name of the bucket), `TARGETS` (JSON, a list of the arguments of `Target`).

    Raises:
        ClientError: AWS refused something beside an endpoint; without figures the alarm rings, too.
    """
    outcomes: dict[str, str] = {}
    for given in json.loads(os.environ["TARGETS"]):
        target = Target(**given)
        seen = probe(_client, os.environ["ARTIFACTS"], target)
        sys.stdout.write(line(target, seen, milliseconds=time.time_ns() // 1_000_000) + "\n")
        outcomes[target.endpoint] = seen.outcome
    return outcomes


def line(target: Target, seen: Seen, *, milliseconds: int) -> str:
    """Return the line of one look in the embedded metric format: `Failed` 0 or 1, `Latency` in milliseconds.

    Args:
        target: what was asked.
        seen: what was found.
        milliseconds: Unix time of the look.
    """
    values: dict[str, float] = {"Failed": float(seen.outcome in FAILED)}
    if seen.milliseconds is not None:
        values["Latency"] = round(seen.milliseconds, 3)
    units = {"Failed": "Count", "Latency": "Milliseconds"}
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": name, "Unit": units[name]} for name in values],
    }
    told = {"outcome": seen.outcome, "detail": seen.detail, DIMENSION: target.endpoint, **values}
    return json.dumps({"_aws": {"Timestamp": milliseconds, "CloudWatchMetrics": [directive]}, **told}, sort_keys=True)
