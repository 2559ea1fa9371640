"""Cognito: who may come in, and that nobody does without having said who he is."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get, is_token, true


@rule(
    "GovML-UnauthenticatedIdentity",
    "AWS::Cognito::IdentityPool",
    title="An identity pool gives credentials only to people who have signed in",
    rationale="Of an open pool anybody who knows its id gets AWS credentials, and its id stands in the code of the page.",
    severity="high",
    controls=("IA-2", "IA-8", "AC-14"),
    public_sector_controls=("AC-2", "AS-7"),
    source='Amazon Cognito developer guide, "Identity pools authentication flow"',
)
def unauthenticated_identity(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find guests, and the older flow, whose credentials Cognito does not narrow down."""
    if true(resource.get("AllowUnauthenticatedIdentities")):
        yield "gives credentials to guests: set AllowUnauthenticatedIdentities to false"
    if true(resource.get("AllowClassicFlow")):
        yield "lets callers choose their role (AllowClassicFlow): leave it out"


@rule(
    "GovML-OpenSignUp",
    "AWS::Cognito::UserPool",
    title="Administrators make the accounts of a user pool, and everybody has a second factor",
    rationale="Where anybody may sign up, a signed-in user is anybody.",
    severity="high",
    controls=("AC-2", "IA-2(1)", "IA-2(2)"),
    public_sector_controls=("AC-2", "AS-4"),
    source="CloudFormation template reference, `AWS::Cognito::UserPool`: sign-up is open and MfaConfiguration is OFF by default",
)
def open_sign_up(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Both properties are open by default."""
    if not true(get(resource.get("AdminCreateUserConfig"), "AllowAdminCreateUserOnly")):
        yield "lets anybody sign up: set AdminCreateUserConfig.AllowAdminCreateUserOnly to true"
    factor = resource.get("MfaConfiguration")
    if factor != "ON" and not is_token(factor):
        yield "asks for a password alone: set MfaConfiguration to ON"
