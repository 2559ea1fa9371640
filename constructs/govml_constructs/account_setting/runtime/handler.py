"""Entry point of the custom-resource function: parse the event, make the setting, answer CloudFormation.

Every path ends in an answer: a custom resource that stays silent holds its stack for an hour.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import urllib.request
from typing import Any

logger = logging.getLogger()
logger.setLevel(logging.INFO)


def handle(event: dict[str, Any], context: Any) -> None:
    """Make, change or leave the setting named by the environment, and report the outcome.

    Args:
        event: CloudFormation's custom-resource request (RequestType, ResponseURL, ResourceProperties ...).
        context: Lambda's context; its log stream is named in a failure.
    """
    physical_id = event.get("PhysicalResourceId") or event["LogicalResourceId"]
    try:
        setting = importlib.import_module(os.environ["SETTING"])
        properties = {
            k: v for k, v in event["ResourceProperties"].items() if k not in {"ServiceToken", "ServiceTimeout"}
        }
        if event["RequestType"] == "Delete":  # under the id it was made with: a failed create is deleted too
            setting.remove(properties)
        else:
            physical_id = setting.physical_id(properties)
            setting.apply(properties)
        logger.info(json.dumps({"request": event["RequestType"], "setting": os.environ["SETTING"], "id": physical_id}))
    except Exception as error:  # CloudFormation must hear of any failure, of whatever kind
        logger.exception("setting failed")
        stream = getattr(context, "log_stream_name", "unknown")
        respond(event, physical_id, "FAILED", f"{type(error).__name__}: {error} (log stream {stream})")
        return
    respond(event, physical_id, "SUCCESS", "")


def respond(event: dict[str, Any], physical_id: str, status: str, reason: str) -> None:
    """Send the outcome to the pre-signed URL of the event (AWS CloudFormation user guide, "Custom resource responses")."""
    body = {
        "Status": status,
        "Reason": reason[:1000],
        "PhysicalResourceId": physical_id,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
    }
    request = urllib.request.Request(  # noqa: S310 - the URL is CloudFormation's own pre-signed one
        event["ResponseURL"], data=json.dumps(body).encode(), method="PUT", headers={"Content-Type": ""}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        logger.info(json.dumps({"status": status, "answer": answer.status}))
