"""APIs: who may call them, and from where."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import is_token, listed


@rule(
    "GovML-ApiExposure",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Method",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Api",
    "AWS::AppSync::GraphQLApi",
    title="APIs are private and ask who calls",
    rationale="An API without an authoriser is open to whoever finds its name.",
    severity="high",
    controls=("AC-3", "IA-2", "SC-7"),
    public_sector_controls=("AS-7", "NS-2", "AS-4"),
)
def api_exposure(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """CORS pre-flight requests carry no identity and may pass."""
    kind = resource.type.split("::", 1)[1]
    if kind == "ApiGateway::RestApi":
        types = listed(resource.get("EndpointConfiguration", "Types"))
        if "PRIVATE" not in types and not any(map(is_token, types)):
            yield f"is reachable from the Internet ({', '.join(map(str, types)) or 'EDGE'}): set EndpointConfiguration to PRIVATE"
    if kind in {"ApiGateway::Method", "ApiGatewayV2::Route"}:
        preflight = resource.get("HttpMethod") == "OPTIONS" or str(resource.get("RouteKey")).startswith("OPTIONS ")
        if resource.get("AuthorizationType") in (None, "NONE") and not preflight:
            yield "asks for no identity: set AuthorizationType to AWS_IAM or an authoriser"
    if kind == "ApiGatewayV2::Api" and "*" in listed(resource.get("CorsConfiguration", "AllowOrigins")):
        yield "serves every origin: name the AllowOrigins"
    if kind == "AppSync::GraphQLApi":
        if resource.get("AuthenticationType") == "API_KEY":
            yield "lets holders of a key in without identity: use AWS_IAM"
        if resource.get("Visibility") in (None, "GLOBAL"):
            yield "is reachable from the Internet: set Visibility to PRIVATE"
