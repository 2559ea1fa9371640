"""Roles that people and pipelines of other identity providers take."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.policies import PolicyStatement, trust_of
from govml.rules.registry import rule
from govml.rules.template import Resource, Template


@rule(
    "GovML-FederatedTrust",
    "AWS::IAM::Role",
    title="A role of an identity provider names its subject (OIDC) or its audience (SAML)",
    rationale="A provider such as a public git host signs for everybody's projects; without a subject anybody's pipeline may come.",
    severity="high",
    controls=("IA-2", "IA-8", "AC-3"),
    public_sector_controls=("AC-12", "AC-13"),
    source='IAM user guide, "Create a role for OpenID Connect federation", "Create a role for SAML 2.0 federation"',
)
def federated_trust(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at statements that trust a provider: of OIDC the claim `sub`, of SAML the claim `aud` or `iss`."""
    for statement in trust_of(resource):
        providers = [name for kind, name in statement.principals if kind == "Federated" and statement.allow]
        if any("oidc-provider" in name for name in providers) and not _names_subject(statement):
            yield "trusts every identity of an OIDC provider: hold `sub` to one project and branch, not to a wildcard alone"
        if any("saml-provider" in name for name in providers) and not statement.held_by("SAML:aud", "SAML:iss"):
            yield "takes assertions that a SAML provider made for anybody: add the condition SAML:aud"


def _names_subject(statement: PolicyStatement) -> bool:
    values = [each for key, found in statement.conditions.items() if key.endswith(":sub") for each in found]
    return bool(values) and not any(_everybody(each) for each in values)


def _everybody(subject: str) -> bool:
    """Return whether a pattern names a kind of subject at most, as `repo:*` does, and none of them."""
    return subject.split(":", 1)[-1].strip("*:/") == ""
