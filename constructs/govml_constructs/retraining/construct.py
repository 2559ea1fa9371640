"""`RetrainingTrigger`: alarms, schedules and people ask; one function decides and starts a pipeline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.functions.control_plane_function import ControlPlaneFunction
from govml_constructs.functions.event_queue import EventQueue, Patience
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.ml.code_archive import archive_bytes, write_archive
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.retraining.events import retraining_rules
from govml_constructs.retraining.statements import decide_statements, look_statements
from govml_constructs.retraining.watched import WatchedUseCase

RUNTIME = Path(__file__).parent / "runtime"
USE_CASES = "use_cases.json"
"""What is watched stands beside the code: a function's variables hold 4 kB (Lambda developer guide, "Quotas"), six use cases."""
_CODE = {path: path.name for path in sorted(RUNTIME.glob("*.py"))}
# A service that is out for longer than a working day is somebody's task; the message then lies in the dead letters.
PATIENCE = Patience(seen_again_minutes=15, most_receives=32)


class RetrainingTrigger(PlacedConstruct):
    """EventBridge -> encrypted queue -> function -> `StartPipelineExecution` with the live model as champion.

    Args:
        prefix: prefix of the environment's names, which starts every message to people.
        use_cases: slug -> what is watched of it.
        queue_name: physical name of the queue, by which people and schedules find it.
        log_group: where the function logs.
        key: key of the logs domain: of both queues, of the function's environment and of the alert topic.
        alerts: topic that is told what is not done by itself, and of messages that the function failed on.
        evidence: bucket in which findings of looks are kept, under `key`.
        store: name of the bucket of the artefact zone, in which every use case's prefix lies.
        store_key: key of the artefact zone, in which looks leave them.
        rules: rules of the function's role.
        build_folder: where the function's archive is written before the CDK command line publishes it.

    Attributes:
        queue: requests that wait.
        function_name: name of the function.
        dead_letters: requests that nobody could act on.

    Raises:
        ValueError: a fact about a use case is known at deployment only.

    Controls: only this environment's drift alarms and looks reach the queue by rules, nothing is dropped, the function
    starts exactly these pipelines, reads exactly these parameters, and of what was captured sees only names.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        prefix: str,
        use_cases: Mapping[str, WatchedUseCase],
        queue_name: str,
        log_group: EncryptedLogGroup,
        key: kms.IKey,
        alerts: sns.ITopic,
        evidence: s3.IBucket,
        store: str,
        store_key: kms.IKey,
        rules: RoleRules,
        build_folder: Path,
    ) -> None:
        super().__init__(scope, construct_id)
        cases = list(use_cases.values())
        events = EventQueue(
            self,
            "Default",
            rules=retraining_rules(place_of(self), cases),
            patience=PATIENCE,
            key=key,
            queue_name=queue_name,
        )
        self.queue, self.dead_letters = events.queue, events.dead_letters
        # One at a time, so that two requests see each other's run; a second batch that is refused stays in the queue.
        function = ControlPlaneFunction(
            self,
            "Decide",
            runtime=write_archive(archive_bytes(_CODE, {USE_CASES: _table(use_cases)}), build_folder),
            purpose="Decides on retraining",
            because="since a drift, a schedule and a person may ask at the same time",
            environment={
                "PREFIX": prefix,
                "USE_CASES": USE_CASES,
                "ARTIFACTS": store,
                "ALERTS": alerts.topic_arn,
                "EVIDENCE": evidence.bucket_name,
            },
            statements=[
                events.take_statement(),
                *decide_statements(place_of(self), cases),
                *look_statements(place_of(self), cases, evidence.bucket_arn, store_key.key_arn),
            ],
            log_group=log_group,
            key=key,
            failures=alerts,
            rules=rules,
            concurrency=1,
        ).function
        self.function_name = function.function_name
        events.feed(function, construct_id="Requests")


def _table(use_cases: Mapping[str, WatchedUseCase]) -> str:
    """Return what the function knows of each use case; nothing that only a deployment knows."""
    known = {}
    for slug, case in use_cases.items():
        facts = asdict(case)
        del facts["data"]  # the function knows its bucket
        known[slug] = {**facts, "quality_schedule": case.quality_schedule.rpartition("/")[2]}
    text = json.dumps(known, indent=1, sort_keys=True)
    if "${Token[" in text:
        raise ValueError("a fact about a watched use case is known at deployment only: a file cannot hold it")
    return text
