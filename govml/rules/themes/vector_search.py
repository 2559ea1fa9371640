"""Vector stores that search: OpenSearch, serverless or in a domain, and S3 Vectors. Private, with own keys, named readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from govml.rules.definitions import parsed
from govml.rules.demands import given, key_problem, later, own_key, switched_on
from govml.rules.options import Options
from govml.rules.policies import resource_policies
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import false, get, is_token, listed, true

_DOMAINS = ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")


def _policy(resource: Resource) -> list[Any]:
    """Return the entries of a policy of OpenSearch Serverless, which is JSON text; none when only later known."""
    value = resource.get("Policy")
    if isinstance(value, str) and not is_token(value):
        try:
            value = parsed(value)
        except ValueError:
            return []
    return [] if isinstance(value, str) else listed(value)


@rule(
    "GovML-VectorKey",
    "AWS::OpenSearchServerless::SecurityPolicy",
    "AWS::OpenSearchServerless::Collection",
    "AWS::S3Vectors::VectorBucket",
    "AWS::S3Vectors::Index",
    *_DOMAINS,
    title="Vector stores are encrypted with a key of the agency",
    rationale="Vectors and the text beside them are the documents themselves; an own key can be withdrawn and leaves a trail.",
    severity="medium",
    controls=("SC-28", "SC-28(1)", "SC-12"),
    public_sector_controls=("DP-2", "CK-1"),
    source='OpenSearch Service developer guide, "Encryption in OpenSearch Serverless"; S3 user guide, "S3 Vectors encryption"',
)
def vector_key(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Each kind of store has its own way to name the key."""
    if resource.type == "AWS::OpenSearchServerless::SecurityPolicy":
        for each in _policy(resource) if resource.get("Type") == "encryption" else ():
            if true(get(each, "AWSOwnedKey")) or not own_key(get(each, "KmsARN")):
                yield "the encryption policy uses a key that AWS owns: set AWSOwnedKey false and KmsARN"
    elif resource.type == "AWS::OpenSearchServerless::Collection":
        if true(resource.get("EncryptionConfig", "AWSOwnedKey")):
            yield "EncryptionConfig.AWSOwnedKey is true: name KmsKeyArn"
    elif resource.type in _DOMAINS:
        rest = resource.get("EncryptionAtRestOptions")
        if not switched_on(get(rest, "Enabled")):
            yield "EncryptionAtRestOptions.Enabled is not true"
        elif not own_key(get(rest, "KmsKeyId")):
            yield f"EncryptionAtRestOptions.KmsKeyId {key_problem(get(rest, 'KmsKeyId'))}"
    else:
        held = resource.get("EncryptionConfiguration")
        if held is None and resource.type == "AWS::S3Vectors::Index":
            return  # inherits what its bucket has
        kind = get(held, "SseType")
        if kind != "aws:kms" and not (kind is not None and later(kind)):
            yield f"EncryptionConfiguration.SseType is {kind or 'not set (AES256)'}: set aws:kms and KmsKeyArn"
        elif not own_key(get(held, "KmsKeyArn")):
            yield f"EncryptionConfiguration.KmsKeyArn {key_problem(get(held, 'KmsKeyArn'))}"


@rule(
    "GovML-VectorNetwork",
    "AWS::OpenSearchServerless::SecurityPolicy",
    *_DOMAINS,
    title="Vector stores are reached from the VPC only, over TLS 1.2",
    rationale="A collection or domain on the public network is one leaked credential away from everybody.",
    severity="high",
    controls=("SC-7", "SC-8", "AC-4"),
    public_sector_controls=("NS-2", "NS-4", "DP-3"),
    source='OpenSearch Service developer guide, "Network access for Amazon OpenSearch Serverless"',
)
def vector_network(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at network policies, and at a domain's VPC and transport."""
    if resource.type not in _DOMAINS:
        for each in _policy(resource) if resource.get("Type") == "network" else ():
            if true(get(each, "AllowFromPublic")):
                yield "the network policy has AllowFromPublic: name SourceVPCEs or SourceServices"
        return
    if not given(resource.get("VPCOptions", "SubnetIds")):
        yield "VPCOptions.SubnetIds is not set: the domain has a public endpoint"
    if not switched_on(resource.get("NodeToNodeEncryptionOptions", "Enabled")):
        yield "NodeToNodeEncryptionOptions.Enabled is not true"
    endpoint = resource.get("DomainEndpointOptions")
    if not switched_on(get(endpoint, "EnforceHTTPS")):
        yield "DomainEndpointOptions.EnforceHTTPS is not true"
    tls = str(get(endpoint, "TLSSecurityPolicy") or "")
    if "TLS-1-0" in tls or not tls:
        yield f"DomainEndpointOptions.TLSSecurityPolicy is {tls or 'not set (TLS 1.0)'}: set Policy-Min-TLS-1-2-2019-07"


@rule(
    "GovML-VectorReaders",
    "AWS::OpenSearchServerless::AccessPolicy",
    "AWS::S3Vectors::VectorBucketPolicy",
    *_DOMAINS,
    title="Readers of vector stores are named, and so is what they may do",
    rationale="Whoever reads the vectors reads the documents; whoever writes them decides what the model answers.",
    severity="high",
    controls=("AC-3", "AC-6"),
    public_sector_controls=("AC-1", "NS-2"),
    source='OpenSearch Service developer guide, "Data access control for Amazon OpenSearch Serverless"',
)
def vector_readers(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look for anybody, and for every permission."""
    if resource.type == "AWS::OpenSearchServerless::AccessPolicy":
        for each in _policy(resource):
            for name in listed(get(each, "Principal")):
                if "*" in str(name):
                    yield f"the data access policy is for {name}: name the roles"
            if any(
                p in ("aoss:*", "*") for held in listed(get(each, "Rules")) for p in listed(get(held, "Permission"))
            ):
                yield "the data access policy allows aoss:*: name the permissions"
        return
    for statement in (each for found in resource_policies(resource) for each in found if each.allow):
        anybody = statement.not_principals or any(
            name == "*" for kind, name in statement.principals if kind != "Service"
        )
        if anybody and not statement.conditions:
            yield f"statement {statement.sid} is for anybody: name the roles"
    security = resource.get("AdvancedSecurityOptions")
    if true(get(security, "AnonymousAuthEnabled")):
        yield "AdvancedSecurityOptions.AnonymousAuthEnabled is true"
    if false(get(security, "Enabled")):
        yield "AdvancedSecurityOptions.Enabled is false: whoever reaches the domain reads every index"
    password = get(security, "MasterUserOptions", "MasterUserPassword")
    if given(password) and not later(password) and "{{resolve:" not in str(password):
        yield "AdvancedSecurityOptions.MasterUserOptions holds a password in the clear: use {{resolve:secretsmanager:...}}"
