"""Access: the roles for people. Duty: IAM administrator."""

from __future__ import annotations

from constructs import Construct

from govml.identity.people import People
from govml.settings.iam import PersonaSettings
from govml_constructs.identity.persona_statements import PERSONAS, PersonaScope
from govml_constructs.identity.persona_trust import PersonaTrust
from govml_constructs.identity.personas import Personas
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext


class AccessStack(EnvironmentStack):
    """Data scientist, ML engineer, data engineer, approver, auditor, with separated duties.

    It comes first and depends on nothing, so that keys and buckets can name these roles.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, context: EnvironmentContext, trust: PersonaSettings
    ) -> None:
        super().__init__(
            scope, construct_id, context=context, description="Roles for people, separated duties (IAM administrator)"
        )
        names = context.names
        tags = {name: context.tags[name] for name in ("Agency", "Environment")}
        trusted_roles: dict[str, tuple[str, ...]] = dict.fromkeys(PERSONAS, ())
        trusted_roles.update({str(persona): roles for persona, roles in trust.trusted_roles.items()})
        roles = Personas(
            self,
            "Personas",
            names=PersonaScope(place=self.place, prefix=names.prefix, tags=tags),
            trust={
                persona: PersonaTrust(
                    identity_provider=trust.identity_provider,
                    roles=trusted,
                    organization_id=context.settings.iam.organization_id,
                )
                for persona, trusted in trusted_roles.items()
            },
            rules=context.role_rules,
            max_session_hours=trust.max_session_hours,
        )
        self.people = People(roles.role_arns)
