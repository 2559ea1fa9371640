"""Promotion: the role that takes models from the environment before this one, and checks what is deployed. Duty: ML engineer."""

from __future__ import annotations

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from govml.identity.people import People
from govml.identity.promotion import contracts_to, side_of
from govml.settings.names import Names
from govml.settings.shared import SharedSettings
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.persona_trust import PersonaTrust
from govml_constructs.release.promoter_role import PromoterRole
from govml_constructs.release.promoter_statements import Served, Stores, checking, handing_in, reading
from govml_constructs.release.promotion_contract import PromotionContract
from stacks.data.data import DataStack
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.foundation.security import SecurityStack


class PromotionStack(EnvironmentStack):
    """The promoter's role; in the first environment it only checks.

    Args:
        context: the environment.
        security: keys and evidence.
        data: the artefact zone.
        people: the roles for people.

    Raises:
        ValueError: nobody may take the role; see `promoters`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        security: SecurityStack,
        data: DataStack,
        people: People,
    ) -> None:
        super().__init__(scope, construct_id, context=context, description="Promotion of models (ML engineer)")
        settings, names = context.settings, context.names
        # By their parameters, as those of the source: a wildcard behind another stack's export could not be acknowledged.
        self.add_stack_dependency(data)
        self.add_stack_dependency(security)
        own = Stores(
            artifacts=self._bucket(names.zone_bucket("artifacts")),
            evidence=self._bucket(names.evidence_bucket()),
            keys=(security.ml_key.key_arn, security.logs_key.key_arn),
        )
        trust = PersonaTrust(roles=promoters(context, people), organization_id=settings.iam.organization_id)
        buckets = (names.zone_bucket("artifacts"), names.evidence_bucket())
        parameters = [self.place.arn("ssm", f"parameter{each}") for each in buckets]
        served = {
            names.slug(name): Served(names.model_package_group(name), names.endpoint(name), names.serving_stack(name))
            for name in settings.served
        }
        statements = checking(side_of(settings, context.environment_name), own, served, parameters)
        for number, contract in enumerate(contracts_to(settings, context.environment_name)):
            source = self._stores(contract)
            groups = {slug: served[slug].group for slug in contract.groups}
            found = [*(reading(contract, source) if source else ()), *handing_in(contract, own, groups)]
            statements += [
                Statement(f"{each.sid}{number or ''}", each.actions, each.resources, conditions=each.conditions)
                for each in found
            ]
        PromoterRole(
            self,
            "Promoter",
            name=names.promoter_role(),
            trust=trust.policy(self.place),
            statements=statements,
            rules=context.role_rules,
        )

    def _stores(self, contract: PromotionContract) -> Stores | None:
        """Return the source's stores: of the same account by their parameters, of another as the agency file has them."""
        settings, environment = self.context.settings, contract.source.prefix.rsplit("-", 1)[-1]
        if not contract.crosses_accounts:
            theirs = Names(settings.agency, environment)
            return Stores(
                artifacts=self._bucket(theirs.zone_bucket("artifacts")),
                evidence=self._bucket(theirs.evidence_bucket()),
                keys=(self._parameter(theirs.key_arn("ml")), self._parameter(theirs.key_arn("logs"))),
            )
        shared: SharedSettings | None = settings.environment(environment).shared
        if shared is None:  # known only once the source is deployed
            return None
        return Stores(
            artifacts=self.place.arn("s3", shared.artifacts_bucket, region="", account=""),
            evidence=self.place.arn("s3", shared.evidence_bucket, region="", account=""),
            keys=(shared.ml_key, shared.logs_key),
        )

    def _bucket(self, parameter: str) -> str:
        return self.place.arn("s3", self._parameter(parameter), region="", account="")

    def _parameter(self, name: str) -> str:
        return ssm.StringParameter.value_for_string_parameter(self, name)


def promoters(context: EnvironmentContext, people: People) -> list[str]:
    """Return the names (with path) of the roles that may take the promoter's: ML engineers, and roles that deploy."""
    engineer = people.role_arns.get("ml_engineer")
    path = context.settings.iam.role_path.removeprefix("/")
    named = [f"{path}{context.names.persona_role('ml_engineer')}"] if engineer else []
    imported = context.environment.imported.roles.get("Access/Personas/MlEngineer")
    if imported:
        named = [imported.split(":role/", 1)[1]]
    return [*named, *context.settings.iam.deployment_roles]
