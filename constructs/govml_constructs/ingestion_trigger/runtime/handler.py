"""Entry point of the trigger: a batch of events in, one start per data source out.

An event is only a hint that there is work: the pipeline lists the raw zone itself and knows what it has taken in. So
events may come twice, late or in any order; the one thing that matters is that none is dropped without a start after it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from functools import cache
from typing import Any

import boto3
import delivered_file
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

logger = logging.getLogger()
logger.setLevel(logging.INFO)

BUSY = frozenset({"Executing", "Stopping"})
# More starts of one pipeline than these within one run of it would mean that something else starts it all the time.
_LOOK_BACK = 20


@cache
def _client(service: str) -> Any:
    return boto3.client(service, config=Config(retries={"mode": "standard", "total_max_attempts": 3}, read_timeout=20))


def handle(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Start the pipeline of every source that the batch names, unless it runs already.

    Args:
        event: Lambda's batch of SQS messages, each the event of one object.

    Returns:
        The messages to be seen again: those whose pipeline runs (it may have looked before the file came) or could not
        be started (Lambda developer guide, "Reporting batch item failures").
    """
    pipelines: dict[str, str] = json.loads(os.environ["PIPELINES"])
    again: list[str] = []
    waiting: dict[str, list[dict[str, Any]]] = {}
    for record in event["Records"]:
        try:
            waiting.setdefault(
                delivered_file.source_of(record["body"], os.environ["RAW_BUCKET"], pipelines), []
            ).append(record)
        except delivered_file.StrangeEvent as reason:
            if not _lay_aside(record, str(reason)):
                again.append(record["messageId"])
    for source, records in waiting.items():
        if not _start(source, pipelines[source], records):
            again += [record["messageId"] for record in records]
    return {"batchItemFailures": [{"itemIdentifier": message} for message in again]}


def _start(source: str, pipeline: str, records: list[dict[str, Any]]) -> bool:
    """Start one pipeline; return whether the messages are done with."""
    told = {"source": source, "events": len(records)}
    try:
        recent = _client("sagemaker").list_pipeline_executions(
            PipelineName=pipeline, SortBy="CreationTime", SortOrder="Descending", MaxResults=_LOOK_BACK
        )["PipelineExecutionSummaries"]
        if any(each["PipelineExecutionStatus"] in BUSY for each in recent):
            logger.info(json.dumps({**told, "outcome": "runs already, events are seen again"}))
            return False
        arn = _client("sagemaker").start_pipeline_execution(PipelineName=pipeline, ClientRequestToken=token(records))[
            "PipelineExecutionArn"
        ]
    except (ClientError, BotoCoreError) as error:
        logger.warning(json.dumps({**told, "outcome": "not started, events are seen again", "error": str(error)}))
        return False
    logger.info(json.dumps({**told, "outcome": "started", "execution": arn}))
    return True


def token(records: list[dict[str, Any]]) -> str:
    """Return a request token of the messages: the same batch, delivered again, starts nothing new.

    SageMaker takes 32 to 128 letters, digits and hyphens (API reference, StartPipelineExecution).
    """
    messages = sorted({record["messageId"] for record in records})
    return hashlib.sha256("\n".join(messages).encode()).hexdigest()


def _lay_aside(record: dict[str, Any], reason: str) -> bool:
    """Put a message that can never be handled into the dead-letter queue, with the reason; return whether it is there."""
    logger.error(json.dumps({"message": record["messageId"], "outcome": "laid aside", "reason": reason}))
    try:
        _client("sqs").send_message(
            QueueUrl=os.environ["DEAD_LETTERS"],
            MessageBody=record["body"] or "-",  # SQS takes no empty body
            MessageAttributes={"Reason": {"DataType": "String", "StringValue": reason[:250]}},
        )
    except (ClientError, BotoCoreError) as error:
        logger.warning(json.dumps({"message": record["messageId"], "outcome": "not laid aside", "error": str(error)}))
        return False
    return True
