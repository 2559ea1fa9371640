"""`SageMaker Endpoint State Change`. Fields as in SageMaker's developer guide, "Endpoint state change"."""

from __future__ import annotations

import datetime
import re
from typing import Any

from govml.local.emulator.account import current_account, current_region
from govml.local.emulator.backends import moto
from govml.local.emulator.events import bus
from govml.local.emulator.hosting.describe import describe
from govml.local.emulator.hosting.records import Record


def arn(name: str) -> str:
    """Return an endpoint's ARN, in which SageMaker writes the name in small letters."""
    return f"arn:aws:sagemaker:{current_region()}:{current_account()}:endpoint/{name.lower()}"


def _status(word: str) -> str:
    """Spell a status as events do: `InService` is `IN_SERVICE`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).upper()


def changed(record: Record) -> None:
    """Note the new state where moto lists endpoints, and put the event."""
    stored = moto.backend("sagemaker").endpoints[record.name]
    stored.endpoint_status, stored.failure_reason = record.status, record.reason or None
    stored.last_modified_time = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    told = describe(record)
    detail: dict[str, Any] = {
        name: told[name]
        for name in ("EndpointName", "EndpointArn", "EndpointConfigName", "ProductionVariants", "FailureReason")
        if name in told
    }
    detail |= {
        "EndpointStatus": _status(record.status),
        "CreationTime": int(told["CreationTime"] * 1000),
        "LastModifiedTime": int(told["LastModifiedTime"] * 1000),
        "Tags": {tag["Key"]: tag["Value"] for tag in stored.tags},
    }
    bus.put("aws.sagemaker", "SageMaker Endpoint State Change", detail, [arn(record.name)])
