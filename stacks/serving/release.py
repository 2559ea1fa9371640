"""Release: from an approved model version to traffic, with a ledger of every step. Duty: ML engineer."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from govml.identity.release_rules import release_rules
from govml.settings import Settings
from govml_constructs.monitoring.alarm_set import AlarmRule
from govml_constructs.monitoring.dashboard_widgets import LogTable
from govml_constructs.release.release_scope import ReleasedUseCase, ReleaseScope
from govml_constructs.release.release_trigger import ReleaseCode, ReleaseTrigger
from govml_constructs.release.sign_off_policy import SignOffPolicy
from stacks.dashboards.functions import LAST_LINES, function_graphs, queue_graphs
from stacks.dashboards.page import add_page
from stacks.data.data import DataStack
from stacks.environment.alarms import add_alarms, dead_letter_alarm
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import REPOSITORY, EnvironmentContext
from stacks.environment.job_code import BUILD_FOLDER
from stacks.foundation.security import SecurityStack
from stacks.ml.ml_platform import MlPlatformStack

CODE = ("govml/__init__.py", "govml/errors.py", "govml/release")
"""What goes into the function's archive, relative to the repository."""


def released_use_cases(settings: Settings) -> list[str]:
    """Return the use cases that are deployed on approval: those with an endpoint, where the switch release is on."""
    return list(settings.served) if settings.switches.release else []


class ReleaseStack(EnvironmentStack):
    """The release function with its queue, and the policies by which consumers sign off.

    Attributes:
        trigger: queue and dead letters.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        security: SecurityStack,
        data: DataStack,
        platform: MlPlatformStack,
    ) -> None:
        super().__init__(scope, construct_id, context=context, description="Deployment on approval (ML engineer)")
        names, settings = context.names, context.settings
        # By their parameters: a wildcard behind another stack's export could not be acknowledged.
        self.add_stack_dependency(data)
        self.add_stack_dependency(security)
        artifacts = self._parameter(names.zone_bucket("artifacts"))
        evidence = self._parameter(names.evidence_bucket())
        cases = {
            names.slug(name): ReleasedUseCase(
                group=names.model_package_group(name),
                stack=names.serving_stack(name),
                consumers=tuple(role.rpartition("/")[2] for role in settings.use_cases[name].release.consumers),
            )
            for name in released_use_cases(settings)
        }
        reach = ReleaseScope(
            place=self.place,
            prefix=names.prefix,
            use_cases=cases,
            artifacts_arn=self.place.arn("s3", artifacts, region="", account=""),
            evidence_arn=self.place.arn("s3", evidence, region="", account=""),
            model_keys=(security.ml_key.key_arn,),
            repository_arn=platform.images.repository_arn,
        )
        log = security.log_group(self, "Log")
        self.trigger = ReleaseTrigger(
            self,
            "Trigger",
            reach=reach,
            code=ReleaseCode(
                sources={REPOSITORY / part: part for part in CODE},
                handler="govml.release.handler.handle",
                build_folder=BUILD_FOLDER,
            ),
            environment={
                "ACCOUNT": self.account,
                "ALERTS": security.alerts.topic_arn,
                "ARTIFACTS": artifacts,
                "ENVIRONMENT": context.environment_name,
                "EVIDENCE": evidence,
                "PREFIX": names.prefix,
                "USE_CASES": _text(release_rules(settings, context.environment_name)),
            },
            queue_name=names.release_queue(),
            log_group=log,
            key=security.logs_key,
            alerts=security.alerts,
            rules=context.role_rules,
        )
        for slug, case in cases.items():
            for consumer in case.consumers:
                made = SignOffPolicy(
                    self,
                    f"SignOff-{slug}-{consumer}",
                    reach=reach,
                    slug=slug,
                    consumer=consumer,
                    path=context.role_rules.path,
                )
                self.publish(
                    f"SignOffParameter-{slug}-{consumer}", names.sign_off_policy(slug, consumer), made.policy.arn
                )
        alarms = add_alarms(self, [undone_alarm(self.trigger.dead_letters.queue_name)], topic=security.alerts)
        add_page(
            self,
            "release",
            title="Release",
            runbook="docs/operations/release.md",
            graphs=[
                *queue_graphs(self.trigger.queue.queue_name, self.trigger.dead_letters.queue_name),
                *function_graphs([self.trigger.function_name]),
            ],
            tables=[LogTable("Last lines of the release", [log.log_group_name], LAST_LINES)],
            alarm_arns=alarms,
        )

    def _parameter(self, name: str) -> str:
        return ssm.StringParameter.value_for_string_parameter(self, name)


def undone_alarm(queue_name: str) -> AlarmRule:
    """Return the alarm on events that the release function failed on for hours."""
    return dead_letter_alarm(
        "ReleaseUndone",
        queue_name,
        description="The release failed on an event for hours; what was approved may not be live.",
        severity="page",
        owner="ML engineer",
        runbook="docs/operations/release.md",
    )


def _text(values: Mapping[str, object]) -> str:
    return json.dumps(values, separators=(",", ":"), sort_keys=True)
