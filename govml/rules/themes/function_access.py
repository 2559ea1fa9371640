"""Functions: who may call them, and whose code they run."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.access import account_of
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import has_token, is_token, listed

# Services that call functions for a resource of one account, so that the permission can name it
# (Lambda developer guide, "Working with resource-based IAM policies in Lambda").
_CALLERS = frozenset(
    f"{service}.amazonaws.com"
    for service in ("s3", "sns", "events", "apigateway", "logs", "config", "iot", "scheduler", "cloudwatch", "bedrock")
)


@rule(
    "GovML-FunctionUrl",
    "AWS::Lambda::Url",
    title="A function's URL asks for identity and serves named origins",
    rationale="A function URL is on the Internet; AuthType NONE lets everybody call it.",
    severity="high",
    controls=("AC-3", "IA-2", "SC-7"),
    public_sector_controls=("NS-2", "AS-7"),
)
def function_url(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at AuthType and at CORS."""
    auth = resource.get("AuthType")
    if auth != "AWS_IAM" and not is_token(auth):
        yield f"its AuthType is {auth or 'not set'}: set AWS_IAM"
    if "*" in listed(resource.get("Cors", "AllowOrigins")):
        yield "serves every origin: name the AllowOrigins"


@rule(
    "GovML-FunctionPermission",
    "AWS::Lambda::Permission",
    "AWS::Lambda::LayerVersionPermission",
    title="A function is called only by this account, and by services on its behalf",
    rationale="Without the source anybody's bucket, topic or rule can call the function.",
    severity="high",
    controls=("AC-3", "AC-4"),
    public_sector_controls=("AC-1", "NS-2"),
    source='Lambda developer guide, "Working with resource-based IAM policies in Lambda"',
)
def function_permission(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Look at the principal and what bounds it."""
    principal = str(resource.get("Principal") or "")
    organisation = resource.get("PrincipalOrgID") or resource.get("OrganizationId")
    source = resource.get("SourceArn") or resource.get("SourceAccount")
    if principal == "*" and not organisation:
        yield "lets everybody in: name the principal"
    account = account_of(principal)
    if account and account not in options.accounts and not organisation:
        yield f"lets account {account} in, which is not known to be the agency's"
    if principal in _CALLERS and not source:
        yield f"lets {principal} call for any customer: set SourceArn or SourceAccount"
    if principal == "s3.amazonaws.com" and source and not resource.get("SourceAccount"):
        arn = str(resource.get("SourceArn"))
        if not has_token(arn):
            yield "names a bucket without its account; whoever takes the name over could call: set SourceAccount"
    if resource.get("FunctionUrlAuthType") == "NONE":
        yield "opens the function's URL to everybody: set FunctionUrlAuthType to AWS_IAM"
    if str(resource.get("SourceArn")) in {"*", "arn:*"} or str(resource.get("Action")) in {"*", "lambda:*"}:
        yield "is a wildcard: name the source and the action lambda:InvokeFunction"


@rule(
    "GovML-FunctionCode",
    "AWS::Lambda::CodeSigningConfig",
    title="A code signing configuration enforces",
    rationale="Warn lets unsigned code run.",
    severity="medium",
    controls=("SI-7", "CM-14"),
    public_sector_controls=("SC-8",),
)
def function_code(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at what happens to code without a valid signature."""
    if resource.get("CodeSigningPolicies", "UntrustedArtifactOnDeployment") == "Warn":
        yield "only warns of unsigned code: set UntrustedArtifactOnDeployment to Enforce"
