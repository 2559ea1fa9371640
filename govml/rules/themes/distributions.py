"""CloudFront: content that leaves the agency's network, at least encrypted and filtered."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get, is_token, listed, true

_ENCRYPTED = frozenset({"https-only", "redirect-to-https"})
_MODERN = ("TLSv1.2_", "TLSv1.3_")
_OLD = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})


@rule(
    "GovML-Distribution",
    "AWS::CloudFront::Distribution",
    title="A distribution speaks TLS 1.2 or newer to viewers and origins, and stands behind a firewall",
    rationale="A distribution answers everybody from places all over the world; with its own certificate it also takes TLS 1.0.",
    severity="high",
    controls=("SC-8", "SC-8(1)", "SC-7"),
    public_sector_controls=("DP-3", "NS-5", "NS-6"),
    source='CloudFront developer guide, "Supported protocols and ciphers between viewers and CloudFront"',
)
def distribution(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at both sides of a distribution: behaviours and certificate for viewers, protocols for origins."""
    config = resource.get("DistributionConfig")
    for behaviour in [get(config, "DefaultCacheBehavior"), *listed(get(config, "CacheBehaviors"))]:
        spoken = get(behaviour, "ViewerProtocolPolicy")
        if str(spoken) not in _ENCRYPTED and not is_token(spoken):
            yield f"takes requests without TLS (ViewerProtocolPolicy {spoken}): use https-only"
    oldest = get(config, "ViewerCertificate", "MinimumProtocolVersion")
    if not str(oldest).startswith(_MODERN) and not is_token(oldest):
        yield "takes TLS before 1.2: name a certificate, and a MinimumProtocolVersion of TLSv1.2_2021 or newer"
    for origin in listed(get(config, "Origins")):
        custom, name = get(origin, "CustomOriginConfig"), get(origin, "Id")
        asked = get(custom, "OriginProtocolPolicy")
        if custom and asked != "https-only" and not is_token(asked):
            yield f"fetches from origin {name} without TLS: set OriginProtocolPolicy to https-only"
        elif custom and _OLD.intersection(map(str, listed(get(custom, "OriginSSLProtocols")))):
            yield f"speaks TLS before 1.2 with origin {name}: set OriginSSLProtocols to TLSv1.2"
    if not get(config, "WebACLId"):
        yield "has no firewall: set WebACLId"
    if true(get(config, "Logging", "IncludeCookies")):
        yield "writes cookies, sessions among them, into its log: set Logging.IncludeCookies to false"
