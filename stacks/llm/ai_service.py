"""AiService: the one governed way to foundation models. Duty: platform engineer."""

from __future__ import annotations

from constructs import Construct

from govml.settings.ai import AiSettings
from govml_constructs.ai.guardrail import Guardrail, GuardrailRules
from govml_constructs.ai.model_access import ModelAccessPolicy
from govml_constructs.ai.model_invocation_log import ModelInvocationLog
from stacks.dashboards.foundation_models import model_graphs
from stacks.dashboards.page import add_page
from stacks.dashboards.unusual import watch_tokens
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.foundation.security import SecurityStack


class AiServiceStack(EnvironmentStack):
    """The guardrail, the policy that names the approved models and demands it, and the log of every call.

    The private endpoint to Bedrock stands in the Network stack, with the others.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        ai: AiSettings,
        security: SecurityStack,
    ) -> None:
        super().__init__(
            scope, construct_id, context=context, description="Foundation model access, guardrail (platform engineer)"
        )
        names = context.names
        guardrail = Guardrail(
            self, "Guardrail", name=names.resource("guardrail"), key=security.ml_key, rules=guardrail_rules(ai)
        )
        access = ModelAccessPolicy(
            self,
            "ModelAccess",
            models=ai.models,
            guardrail_arn=guardrail.arn,
            guardrail_version=guardrail.version.attr_version,
            guardrail_key=security.ml_key,
            rules=context.role_rules,
        )
        if context.account_owner == context.environment_name:  # Bedrock has one invocation log per account and region
            ModelInvocationLog(
                self,
                "InvocationLog",
                key=security.logs_key,
                retention_days=context.settings.observability.log_retention_days,
                subscription=security.log_subscription,
                settings_log=security.settings_log,
                failures=security.alerts,
                rules=context.role_rules,
                removal_policy=context.removal_policy,
            )
        self.guardrail_arn = guardrail.arn
        self.publish("GuardrailParameter", names.guardrail_id(), guardrail.guardrail_id)
        self.publish(
            "GuardrailVersionParameter", names.parameter("ai", "guardrail-version"), guardrail.version.attr_version
        )
        self.publish("AccessParameter", names.parameter("ai", "model-access-policy"), access.policy.arn)
        add_page(
            self,
            "ai",
            title="AI service",
            runbook="docs/operations/foundation-models.md",
            graphs=model_graphs(ai.models),
        )
        if context.switches.alarms:
            watch_tokens(self, ai.models, prefix=names.prefix, topic=security.alerts)


def guardrail_rules(ai: AiSettings) -> GuardrailRules:
    """Return the guardrail's rules as the agency file gives them."""
    return GuardrailRules(
        blocked_message=ai.blocked_message,
        prompt_attack_strength=ai.prompt_attack_strength,
        personal_data={entity.type: entity.action for entity in ai.pii},
        patterns={pattern.name: (pattern.pattern, pattern.action) for pattern in ai.patterns},
    )
