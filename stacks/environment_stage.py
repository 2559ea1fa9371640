"""`EnvironmentStage`: all stacks of one environment, in the order of their duties."""

from __future__ import annotations

from aws_cdk import Stage, Tags
from constructs import Construct

from govml.errors import UserError
from govml.identity.people import People
from govml.identity.promotion import promotes
from govml.settings.bootstrap import CDK_QUALIFIER
from govml.settings.names import Names
from govml_constructs.identity.role_guard import guard_roles
from govml_constructs.validation.shipped_logs import require_shipped_logs
from stacks.data.data import DataStack
from stacks.delivery.cicd import CicdStack
from stacks.environment.context import EnvironmentContext
from stacks.foundation.access import AccessStack
from stacks.foundation.gcc_baseline import GccBaselineStack
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack
from stacks.ingestion.ingestion import IngestionStack
from stacks.llm.ai_service import AiServiceStack
from stacks.llm.vector_store import VectorStoreStack
from stacks.ml.ml_platform import MlPlatformStack
from stacks.ml.use_case import UseCaseStack
from stacks.serving.promotion import PromotionStack, promoters
from stacks.serving.release import ReleaseStack, released_use_cases
from stacks.serving.serving import ServingStack
from stacks.telemetry.grafana import GrafanaStack
from stacks.telemetry.telemetry import TelemetryStack
from stacks.watching.cost_watch import watches_costs
from stacks.watching.monitoring import MonitoringStack
from stacks.watching.observability import ObservabilityStack


class EnvironmentStage(Stage):
    """One environment. A component that is switched off has no stack, or no part in one.

    Args:
        context: the environment.
    """

    def __init__(self, scope: Construct, *, context: EnvironmentContext) -> None:
        super().__init__(scope, context.names.prefix)
        settings, switches = context.settings, context.switches
        if settings.bootstrap.qualifier != CDK_QUALIFIER:
            self.node.set_context("@aws-cdk/core:bootstrapQualifier", settings.bootstrap.qualifier)
        people = People()
        if switches.personas and settings.iam.personas is not None:
            people = AccessStack(self, "Access", context=context, trust=settings.iam.personas).people
        security = SecurityStack(self, "Security", context=context, people=people)
        network = NetworkStack(self, "Network", context=context, security=security)
        data = DataStack(self, "Data", context=context, security=security, people=people)
        self._stores(context, security=security, network=network, data=data, people=people)
        telemetry = (
            TelemetryStack(self, "Telemetry", context=context, security=security, network=network)
            if switches.telemetry
            else None
        )
        platform = MlPlatformStack(
            self,
            "MlPlatform",
            context=context,
            security=security,
            network=network,
            data=data,
            telemetry=telemetry,
        )
        ingestion = None
        if switches.ingestion and settings.sources:
            ingestion = IngestionStack(
                self, "Ingestion", context=context, security=security, network=network, data=data, platform=platform
            )
        self._models(context, security=security, network=network, data=data, platform=platform, telemetry=telemetry)
        if promotes(settings, context.environment_name) and promoters(context, people):
            PromotionStack(self, "Promotion", context=context, security=security, data=data, people=people)
        if switches.ai_service and settings.ai is not None:
            AiServiceStack(self, "AiService", context=context, ai=settings.ai, security=security)
        if settings.observability.grafana is not None and settings.hosts_grafana(context.environment):
            GrafanaStack(
                self,
                "Grafana",
                context=context,
                grafana=settings.observability.grafana,
                security=security,
                network=network,
                telemetry=telemetry,
            )
        if switches.alarms or switches.dashboards or watches_costs(context):
            ObservabilityStack(
                self, "Observability", context=context, security=security, network=network, ingestion=ingestion
            )
        if switches.cicd and settings.cicd is not None:
            CicdStack(self, "Cicd", context=context, cicd=settings.cicd, security=security, network=network)
        if switches.gcc_baseline and context.account_owner == context.environment_name:  # the account has these once
            GccBaselineStack(self, "GccBaseline", context=context, security=security)
        if settings.observability.log_shipping is not None:
            require_shipped_logs(self)
        for key, value in context.tags.items():
            Tags.of(self).add(key, value)
        guard_roles(self, rules=context.role_rules, place=security.place)
        require_known_roles(context)

    def _models(
        self,
        context: EnvironmentContext,
        *,
        security: SecurityStack,
        network: NetworkStack,
        data: DataStack,
        platform: MlPlatformStack,
        telemetry: TelemetryStack | None,
    ) -> None:
        """Make what each model has: its pipeline, its endpoint, what releases it and what watches it (switches)."""
        if context.switches.training_pipeline:
            for use_case in context.settings.use_cases:
                UseCaseStack(
                    self,
                    f"UseCase-{use_case.replace('_', '-')}",
                    context=context,
                    use_case=use_case,
                    security=security,
                    network=network,
                    data=data,
                    platform=platform,
                )
        for use_case in context.settings.served:
            ServingStack(
                self,
                Names.serving_stack_id(use_case),
                context=context,
                use_case=use_case,
                security=security,
                network=network,
                data=data,
                platform=platform,
                telemetry=telemetry,
            )
        if released_use_cases(context.settings):
            ReleaseStack(self, "Release", context=context, security=security, data=data, platform=platform)
        if context.settings.watched:
            MonitoringStack(self, "Monitoring", context=context, security=security, data=data)

    def _stores(
        self,
        context: EnvironmentContext,
        *,
        security: SecurityStack,
        network: NetworkStack,
        data: DataStack,
        people: People,
    ) -> None:
        """Make the stores beside the lake; nothing else waits for them."""
        if context.switches.warehouse:
            from stacks.data.warehouse import WarehouseStack  # brings all of Redshift Serverless

            WarehouseStack(self, "Warehouse", context=context, security=security, network=network, data=data)
        if context.switches.vector_store:
            VectorStoreStack(self, "VectorStore", context=context, security=security, network=network, people=people)


def require_known_roles(context: EnvironmentContext) -> None:
    """Refuse an imported role that stands for none of this environment's.

    Raises:
        UserError: a name in `imported.roles` is no role's place.
    """
    rules = context.role_rules
    unknown = sorted(set(rules.imported) - rules.places)
    if unknown:
        key = f"environments.{context.environment_name}.imported.roles"
        raise UserError(
            f"{key}: no role stands at {', '.join(unknown)}", hint=f"roles stand at {', '.join(sorted(rules.places))}"
        )
