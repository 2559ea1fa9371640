"""Bedrock AgentCore: agents, browsers and code interpreters in the VPC, gateways that know their callers."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.demands import given
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get

_RUNTIME, _HARNESS = "AWS::BedrockAgentCore::Runtime", "AWS::BedrockAgentCore::Harness"
_GATEWAY, _PAYMENTS = "AWS::BedrockAgentCore::Gateway", "AWS::BedrockAgentCore::PaymentManager"


@rule(
    "GovML-AgentNetwork",
    _RUNTIME,
    _HARNESS,
    "AWS::BedrockAgentCore::BrowserCustom",
    "AWS::BedrockAgentCore::CodeInterpreterCustom",
    title="Agents and their tools have no way to the internet of their own",
    rationale="An agent acts on text that it reads; with a public network an injected instruction carries data out.",
    severity="high",
    controls=("SC-7", "AC-4"),
    public_sector_controls=("NS-1", "NS-3"),
    source="CloudFormation template reference, `AWS::BedrockAgentCore::Runtime` `NetworkConfiguration`",
)
def agent_network(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find PUBLIC; VPC needs its subnets and groups."""
    at = ("Environment", "AgentCoreRuntimeEnvironment") if resource.type == _HARNESS else ()
    network = resource.get(*at, "NetworkConfiguration")
    mode = get(network, "NetworkMode")
    if mode == "PUBLIC" or network is None:
        yield f"NetworkConfiguration.NetworkMode is {mode or 'not set'}: set VPC"
    elif mode == "VPC":
        held = get(network, "NetworkModeConfig") or get(network, "VpcConfig")
        if not given(get(held, "Subnets")) or not given(get(held, "SecurityGroups")):
            yield "NetworkConfiguration names no Subnets and SecurityGroups"


@rule(
    "GovML-AgentAuthorizer",
    _GATEWAY,
    _PAYMENTS,
    _RUNTIME,
    title="Who calls an agent's gateway or runtime is known",
    rationale="A gateway without an authorizer hands the agent's tools to anybody; one that takes any token, to any application.",
    severity="high",
    controls=("AC-3", "IA-2", "IA-9"),
    public_sector_controls=("AC-1", "AS-7"),
    source="CloudFormation template reference, `AWS::BedrockAgentCore::Gateway` `AuthorizerType`",
)
def agent_authorizer(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find NONE, and JWT authorizers that ask for neither audience nor client."""
    kind = str(resource.get("AuthorizerType") or "not set")
    if resource.type == _GATEWAY and kind in {"NONE", "AUTHENTICATE_ONLY", "not set"}:
        yield f"AuthorizerType is {kind}: set AWS_IAM or CUSTOM_JWT"
    token = resource.get("AuthorizerConfiguration", "CustomJWTAuthorizer")
    limits = ("AllowedAudience", "AllowedClients", "AllowedScopes", "CustomClaims")
    if token is not None and not any(given(get(token, each)) for each in limits):
        yield "CustomJWTAuthorizer takes every token of its issuer: name AllowedAudience or AllowedClients"
    if resource.get("ExceptionLevel") == "DEBUG":
        yield "ExceptionLevel DEBUG shows internal details to callers"
