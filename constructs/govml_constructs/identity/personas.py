"""`Personas`: the roles for people, with separated duties."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_iam as iam
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy
from govml_constructs.identity.persona_statements import PERSONAS, PersonaScope, see_platform
from govml_constructs.identity.persona_trust import PersonaTrust
from govml_constructs.identity.role_rules import RoleRules, boundary_arn, imported_role
from govml_constructs.pascal import pascal
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding


class Personas(PlacedConstruct):
    """Data scientist, ML engineer, data engineer, approver and auditor; whoever trains or deploys cannot approve.

    Their names are fixed (`<prefix>.data-scientist`), because an identity provider names the roles it signs people into.

    Args:
        names: names that the roles may touch.
        trust: who may take each role, by the role's key in `PERSONAS`.
        rules: path and permissions boundary, and roles that exist already.
        max_session_hours: longest session, 1 to 12.

    Raises:
        ValueError: a session outside 1 to 12 hours, or a role that nobody may take.

    Controls: no wildcard in a trust, organisation condition where known, boundary and path, session limit, explicit
    denials for separated duties and for unprotected jobs, policies within IAM's size limit.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        names: PersonaScope,
        trust: Mapping[str, PersonaTrust],
        rules: RoleRules,
        max_session_hours: int,
    ) -> None:
        super().__init__(scope, construct_id)
        if not 1 <= max_session_hours <= 12:
            raise ValueError(f"{self.node.path}: a session lasts 1 to 12 hours, not {max_session_hours}")
        place = place_of(self)
        seeing = CustomerPolicy(
            self,
            "See",
            description="Names, states and metrics of the platform, no content",
            path=rules.path,
            statements=see_platform(names),
        )
        self.role_arns: dict[str, str] = {}
        written = see_platform(names)
        for key, statements_of in PERSONAS.items():
            role = Construct(self, pascal(key))
            statements, trusted = statements_of(names), trust[key].policy(place)
            imported = imported_role(role, rules, trust=trusted, statements=statements, policies=[seeing])
            if imported:
                self.role_arns[key] = imported
                continue
            written += statements
            own = CustomerPolicy(
                role, "Policy", description=f"Duties of the {_words(key)}", path=rules.path, statements=statements
            )
            self.role_arns[key] = iam.CfnRole(
                role,
                "Resource",
                role_name=names.role_name(key),
                description=f"People who work as {_words(key)}",
                assume_role_policy_document=trusted,
                max_session_duration=max_session_hours * 3600,
                path=rules.path,
                permissions_boundary=boundary_arn(rules, place),
                managed_policy_arns=[seeing.arn, own.arn],
            ).attr_arn
        allowed = {resource for each in written if each.effect == "Allow" for resource in each.resources}
        for resource in (
            each for each in ("*", names.machine_learning) if each in allowed
        ):  # fewer with imported roles
            acknowledge(
                self,
                "AwsSolutions-IAM5",
                finding=resource_finding(self, resource),
                reason=(
                    "Describe and list actions take no resource, and logs and parameters are held by the "
                    "environment's tags; runs and model versions are numbered later, so they are held by the name's prefix."
                ),
                owner="platform-security",
                expires="2027-11-20",
            )


def _words(key: str) -> str:
    return key.replace("_", " ")
