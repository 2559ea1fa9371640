"""Entry point: messages that ask for a look or for retraining in; at most one start per use case out, the owner is told.
What a look has found is kept as evidence.

Messages may come twice, late or in any order: a request is known by its use case, reason and moment, and SageMaker starts
nothing twice under one request token.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from kept_findings import keep_findings
from live_champion import champion_uri
from model_look import NothingToSee, look_parameters
from retraining_decision import BUSY, Decision, Situation, decide, run_of
from retraining_request import Look, Looked, RetrainingRequest, StrangeMessage, request_of

logger = logging.getLogger()
logger.setLevel(logging.INFO)

_LOOK_BACK = 50


@cache
def _client(service: str) -> Any:
    return boto3.client(service, config=Config(retries={"mode": "standard", "total_max_attempts": 3}, read_timeout=20))


def handle(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Act on a batch of messages.

    Args:
        event: Lambda's batch of SQS messages.

    Returns:
        The messages to be seen again: those that a service did not let us act on (Lambda developer guide, "Reporting
        batch item failures"). After the queue's last try they lie in its dead-letter queue.
    """
    use_cases = _use_cases()
    alarms = {case["drift_alarm"]: slug for slug, case in use_cases.items()}
    again = []
    for record in event["Records"]:
        try:
            request = request_of(record["body"], alarms, use_cases)
            if isinstance(request, Look):
                _look(request, use_cases[request.use_case])
            elif isinstance(request, Looked):
                kept = keep_findings(_client, use_cases[request.use_case], request.use_case, os.environ["EVIDENCE"])
                told = {"use_case": request.use_case, "execution": request.execution, "kept": kept}
                logger.info(json.dumps({**told, "outcome": "kept"}))
            elif request is not None:
                _act(request, use_cases[request.use_case])
        except StrangeMessage as reason:
            # It would be as strange the next time: it goes the way of what cannot be handled, and is looked at there.
            logger.error(json.dumps({"message": record["messageId"], "outcome": "strange", "reason": str(reason)}))
            again.append(record["messageId"])
        except (ClientError, BotoCoreError) as error:
            logger.warning(json.dumps({"message": record["messageId"], "outcome": "seen again", "error": str(error)}))
            again.append(record["messageId"])
    return {"batchItemFailures": [{"itemIdentifier": message} for message in again]}


def _use_cases() -> dict[str, dict[str, Any]]:
    """Return what is watched, by slug: from the file beside this one, since it outgrows the variables of a function."""
    known = json.loads((Path(__file__).parent / os.environ["USE_CASES"]).read_bytes())
    return {slug: {**case, "data": f"s3://{os.environ['ARTIFACTS']}/{slug}"} for slug, case in known.items()}


def _act(request: RetrainingRequest, case: dict[str, Any]) -> None:
    decision = decide(request, _situation(case))
    told = {"use_case": request.use_case, "why": request.why, "moment": request.moment, "reason": decision.reason}
    if decision.outcome == "start":
        told["execution"] = _start(request, case)
    elif decision.outcome != "leave":
        _tell(request, decision)
    logger.info(json.dumps({**told, "outcome": decision.outcome}))


def _look(request: Look, case: dict[str, Any]) -> None:
    """Start the monitoring pipeline, unless a look goes on or there is nothing to see."""
    told = {"use_case": request.use_case, "moment": request.moment}
    if any(run["PipelineExecutionStatus"] in BUSY for run in _runs(case["monitor"])):
        logger.info(json.dumps({**told, "outcome": "leave", "reason": "a look goes on"}))
        return
    try:
        parameters = look_parameters(_client, case)
    except NothingToSee as reason:
        logger.info(json.dumps({**told, "outcome": "leave", "reason": str(reason)}))
        return
    digest = hashlib.sha256(f"{request.use_case}\nlook\n{request.moment}".encode()).hexdigest()
    started = _client("sagemaker").start_pipeline_execution(
        PipelineName=case["monitor"],
        PipelineExecutionDisplayName=f"look-{digest[:12]}",
        PipelineParameters=parameters,
        ClientRequestToken=digest,
    )
    logger.info(json.dumps({**told, "outcome": "look", "execution": started["PipelineExecutionArn"]}))


def _runs(pipeline: str) -> list[dict[str, Any]]:
    """Return the latest executions of a pipeline, the newest first."""
    found: list[dict[str, Any]] = _client("sagemaker").list_pipeline_executions(
        PipelineName=pipeline, SortBy="CreationTime", SortOrder="Descending", MaxResults=_LOOK_BACK
    )["PipelineExecutionSummaries"]
    return found


def _situation(case: dict[str, Any]) -> Situation:
    alarms = _client("cloudwatch").describe_alarms(AlarmNames=[case["feed_alarm"]])["MetricAlarms"]
    return Situation(
        mode=case["mode"],
        cool_down=timedelta(days=case["cool_down_days"]),
        feed_broken=any(alarm["StateValue"] == "ALARM" for alarm in alarms),
        runs=[run_of(summary) for summary in _runs(case["pipeline"])],
        now=datetime.now(UTC),
    )


def _start(request: RetrainingRequest, case: dict[str, Any]) -> str:
    """Start the pipeline with the live model as champion; return the execution's ARN."""
    uri = champion_uri(_client("ssm"), case.get("live_model"))
    identity = f"{request.use_case}\n{request.why}\n{request.moment}\n{request.by}"
    digest = hashlib.sha256(identity.encode()).hexdigest()
    started = _client("sagemaker").start_pipeline_execution(
        PipelineName=case["pipeline"],
        PipelineExecutionDisplayName=f"{request.why}-{digest[:12]}",
        PipelineParameters=[{"Name": "ChampionUri", "Value": uri}] if uri else [],
        ClientRequestToken=digest,
    )
    return str(started["PipelineExecutionArn"])


def _tell(request: RetrainingRequest, decision: Decision) -> None:
    """Tell the owner what is not done by itself, with what to do."""
    todo = (
        "Mend the feed first: docs/operations/broken-feed.md."
        if decision.outcome == "page"
        else f"Decide: `govml model retrain {request.use_case.replace('-', '_')} --by NAME`, docs/operations/drift.md."
    )
    text = f"{os.environ['PREFIX']}: {request.use_case} is not trained again ({request.why}): {decision.reason}. {todo}"
    _client("sns").publish(
        TopicArn=os.environ["ALERTS"],
        Subject=f"{os.environ['PREFIX']}: retraining of {request.use_case}"[:100],
        Message=text,
    )
