"""GccBaseline: the account rules that a Government on Commercial Cloud account is checked for. Duty: security administrator."""

from __future__ import annotations

from constructs import Construct

from govml_constructs.baseline.account_guards import AccountGuards
from govml_constructs.baseline.patch_baseline import PatchBaseline
from govml_constructs.baseline.security_events import SecurityEvents
from govml_constructs.pascal import pascal
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.foundation.security import SecurityStack


class GccBaselineStack(EnvironmentStack):
    """Alerts, patch baselines and account settings, once an account.

    Never a trail, a configuration recorder, a detector or a hub: those are central.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, context: EnvironmentContext, security: SecurityStack
    ) -> None:
        super().__init__(
            scope, construct_id, context=context, description="Account rules, patch baseline (security admin)"
        )
        names, baseline = context.names, context.settings.baseline
        SecurityEvents(
            self, "Events", environment=names.prefix, topic=security.alerts, dead_letters=security.dead_letters
        )
        for system in baseline.patch_operating_systems:
            PatchBaseline(
                self,
                pascal(system),
                name=names.resource("patches", system.lower()),
                operating_system=system,
                approve_after_days=baseline.patch_approval_days,
            )
        AccountGuards(self, "Guards", name_prefix=names.prefix, rules=context.role_rules)
