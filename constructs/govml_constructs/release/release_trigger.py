"""`ReleaseTrigger`: events of registry, people and stacks -> encrypted queue -> the function that releases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.functions.control_plane_function import ControlPlaneFunction
from govml_constructs.functions.event_queue import EventQueue, Patience
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.ml.code_archive import archive_bytes, write_archive
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import PlacedConstruct
from govml_constructs.release.release_events import release_rules
from govml_constructs.release.release_scope import ReleaseScope
from govml_constructs.release.release_statements import release_statements
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding

_TIMEOUT_MINUTES = 5
# Seen again after 15 seconds, twice as long each time, then every 30 minutes (`govml.release.revisit`): eight hours in all.
# A service that is out for longer is somebody's task.
PATIENCE = Patience(seen_again_minutes=30, most_receives=22)
# Lambda developer guide, "Configuring maximum concurrency for Amazon SQS event sources": at least 2. Two never act at
# once on a use case: the ledger takes the next entry of one only.
_CONCURRENCY = 2


@dataclass(frozen=True)
class ReleaseCode:
    """The function's code.

    Args:
        sources: folder or file -> where it stands in the archive.
        handler: entry point, as Lambda writes it.
        build_folder: where the archive is written before the CDK command line publishes it.
    """

    sources: Mapping[Path, str]
    handler: str
    build_folder: Path


class ReleaseTrigger(PlacedConstruct):
    """Whatever happens to a released use case wakes the function, which looks at the state itself.

    Args:
        scope: a construct.
        reach: what is released, by name.
        code: the function's code.
        environment: variables of the function.
        queue_name: physical name of the queue.
        log_group: where the function logs.
        key: key of the logs domain: of the queues, of the function's environment, of the alert topic and the ledger.
        alerts: topic that hears of refused approvals, failed releases, and messages that nobody could handle.
        rules: rules of the function's role.
        patience: how long an event is tried.

    Attributes:
        queue: events that wait.
        function_name: name of the function.
        dead_letters: events that the function failed on for eight hours.

    Controls: only these rules put events into the queue, no event is dropped, the function never approves, writes the
    ledger but never changes it, and updates the serving stacks of its own environment in six types of resources only.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        reach: ReleaseScope,
        code: ReleaseCode,
        environment: Mapping[str, str],
        queue_name: str,
        log_group: EncryptedLogGroup,
        key: kms.IKey,
        alerts: sns.ITopic,
        rules: RoleRules,
        patience: Patience = PATIENCE,
    ) -> None:
        super().__init__(scope, construct_id)
        events = EventQueue(
            self,
            "Default",
            rules=release_rules(reach),
            patience=patience,
            key=key,
            queue_name=queue_name,
        )
        self.queue, self.dead_letters = events.queue, events.dead_letters
        statements = [events.take_statement(and_put_off=True), *release_statements(reach)]
        made = ControlPlaneFunction(
            self,
            "Release",
            runtime=write_archive(archive_bytes(code.sources), code.build_folder),
            handler=code.handler,
            purpose="Deploys approved model versions and keeps the ledger",
            because="since approvals, stacks and clocks may call at the same time",
            environment={**environment, "QUEUE": self.queue.queue_url},
            statements=statements,
            log_group=log_group,
            key=key,
            failures=alerts,
            rules=rules,
            concurrency=_CONCURRENCY,
            timeout_minutes=_TIMEOUT_MINUTES,
        )
        for arn in sorted({each for statement in statements for each in statement.resources if each.endswith("*")}):
            acknowledge(
                made,
                "AwsSolutions-IAM5",
                finding=resource_finding(self, arn),
                reason=(
                    "Versions, runs, stack ids, archives and entries are numbered or named after the policy is written; "
                    "each pattern is pinned to this environment by its names' prefix or by its own bucket."
                ),
                owner="platform-security",
                expires="2027-11-20",
            )
        self.function_name = made.function.function_name
        events.feed(made.function, at_once=_CONCURRENCY)
