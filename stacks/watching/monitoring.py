"""Monitoring: the drift engine looks at what is served, and asks for retraining. Duty: ML engineer."""

from __future__ import annotations

from aws_cdk import aws_kms as kms
from constructs import Construct

from govml.identity.key_users import made_persona_roles
from govml.settings import Names
from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.statements import use_key
from govml_constructs.monitoring.alarm_set import AlarmSet
from govml_constructs.monitoring.dashboard_widgets import LogTable
from govml_constructs.monitoring.event_alert import EventAlert
from govml_constructs.pascal import pascal
from govml_constructs.retraining import FeedbackPolicy, RetrainingSchedule, RetrainingTrigger, WatchedUseCase
from govml_constructs.retraining.events import failed_looks, violations
from stacks.dashboards.functions import LAST_LINES, function_graphs, queue_graphs
from stacks.dashboards.loop import drift_graphs
from stacks.dashboards.page import add_page
from stacks.data.data import DataStack
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.environment.job_code import BUILD_FOLDER
from stacks.foundation.security import SecurityStack
from stacks.watching.drift_alarms import drift_alarms, undecided_alarm


class MonitoringStack(EnvironmentStack):
    """Alarms on drift and on broken feeds, and the function that decides on retraining.

    Attributes:
        trigger: queue and dead letters of what asks for retraining.
        alarm_arns: the alarms.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        security: SecurityStack,
        data: DataStack,
    ) -> None:
        super().__init__(scope, construct_id, context=context, description="Drift and retraining (ML engineer)")
        names, settings = context.names, context.settings
        cases = context.settings.watched
        log = security.log_group(self, "RetrainingLog")
        self.trigger = RetrainingTrigger(
            self,
            "Retraining",
            prefix=names.prefix,
            use_cases={
                names.slug(case): WatchedUseCase(
                    slug=names.slug(case),
                    pipeline=names.pipeline(case),
                    drift_alarm=names.drift_alarm(case),
                    feed_alarm=names.feed_alarm(case),
                    mode=settings.use_cases[case].monitoring.retraining,
                    cool_down_days=settings.use_cases[case].monitoring.cool_down_days,
                    live_model=names.live_model(case),
                    monitor=names.monitoring_pipeline(case),
                    data=f"s3://{data.zones['artifacts'].bucket_name}/{names.slug(case)}",
                    endpoint=names.endpoint(case),
                    quality_schedule=self._quality_schedule(case),
                )
                for case in cases
            },
            queue_name=names.retraining_queue(),
            log_group=log,
            key=security.logs_key,
            alerts=security.alerts,
            evidence=security.evidence,
            store=data.zones["artifacts"].bucket_name,
            store_key=security.ml_key,
            rules=context.role_rules,
            build_folder=BUILD_FOLDER,
        )
        self.alarm_arns = AlarmSet(
            self,
            "Alarms",
            name_prefix=names.prefix,
            rules=[
                *(rule for case in cases for rule in drift_alarms(context, case)),
                undecided_alarm(self.trigger.dead_letters.queue_name),
            ],
            topic=security.alerts,
        ).alarm_arns
        self._let_engineers_ask(context, security.logs_key)
        self._tell_of_model_monitor(security)
        for case in cases:
            if settings.use_cases[case].monitoring.feedback:
                self._let_applications_tell(case, data, security.ml_key)
        scheduled = cases if context.switches.pipeline_schedule else ()
        RetrainingSchedule(
            self,
            "Calendar",
            schedules={names.slug(case): settings.use_cases[case].schedule for case in scheduled},
            looks={names.slug(case): settings.use_cases[case].monitoring.schedule for case in cases},
            queue=self.trigger.queue,
            key=security.logs_key,
            dead_letters=security.dead_letters,
            rules=context.role_rules,
        )
        add_page(
            self,
            "loop",
            title="Drift and retraining",
            runbook="docs/operations/drift.md",
            graphs=[
                *drift_graphs([names.endpoint(case) for case in cases]),
                *queue_graphs(self.trigger.queue.queue_name, self.trigger.dead_letters.queue_name),
                *function_graphs([self.trigger.function_name]),
            ],
            tables=[LogTable("Last decisions on retraining", [log.log_group_name], LAST_LINES)],
        )

    def _quality_schedule(self, use_case: str) -> str:
        """Return the ARN of the schedule of Model Monitor; empty where it is not used."""
        if use_case not in self.context.settings.model_monitored:
            return ""
        return self.place.arn("sagemaker", f"monitoring-schedule/{self.context.names.quality_schedule(use_case)}")

    def _tell_of_model_monitor(self, security: SecurityStack) -> None:
        schedules = [self._quality_schedule(case) for case in self.context.settings.model_monitored]
        if not schedules:
            return
        EventAlert(
            self,
            "Violations",
            description="SageMaker Model Monitor has found violations of a baseline",
            pattern=violations(schedules),
            message=f"{self.context.names.prefix}: Model Monitor, job <job>, found violations. The drift engine looks now.",
            fields={"job": "$.detail.ProcessingJobName"},
            topic=security.alerts,
            dead_letters=security.dead_letters,
            severity="ticket",
            owner="ML engineer",
            runbook="docs/operations/drift.md",
        )
        EventAlert(
            self,
            "FailedLooks",
            description="A job of SageMaker Model Monitor has failed, or was stopped",
            pattern=failed_looks(schedules),
            message=f"{self.context.names.prefix}: Model Monitor, job <job>, is <status> and has judged nothing.",
            fields={"job": "$.detail.ProcessingJobName", "status": "$.detail.ProcessingJobStatus"},
            topic=security.alerts,
            dead_letters=security.dead_letters,
            severity="ticket",
            owner="ML engineer",
            runbook="docs/operations/drift.md",
        )

    def _let_applications_tell(self, use_case: str, data: DataStack, key: kms.IKey) -> None:
        names = self.context.names
        made = FeedbackPolicy(
            self,
            "Feedback" + pascal(use_case),
            bucket=data.zones["artifacts"],
            key=key,
            slug=names.slug(use_case),
            folder=Names.FEEDBACK,
            path=self.context.role_rules.path,
        )
        parameter = "FeedbackPolicyParameter" + pascal(use_case)
        self.publish(parameter, names.feedback_policy(use_case), made.policy.arn)

    def _let_engineers_ask(self, context: EnvironmentContext, key: kms.IKey) -> None:
        engineers = made_persona_roles(context.settings, context.environment_name, ["ml_engineer"])
        if not engineers:
            return
        CustomerPolicy(
            self,
            "AskForRetraining",
            description="Ask for a model to be trained again",
            path=context.role_rules.path,
            statements=[
                Statement(
                    sid="Ask", actions=["sqs:GetQueueUrl", "sqs:SendMessage"], resources=[self.trigger.queue.queue_arn]
                ),
                use_key("UseQueueKey", [key.key_arn], [f"sqs.{self.place.region}.amazonaws.com"]),
            ],
            role_names=engineers,
        )
