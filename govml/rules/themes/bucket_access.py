"""Buckets: who can reach them, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govml.rules.options import Options
from govml.rules.policies import PolicyStatement, resource_policies
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.themes.buckets import log_targets
from govml.rules.tls import tls_gap
from govml.rules.values import get, is_token, listed, true

_BUCKET = "AWS::S3::Bucket"
_BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_ACLS = frozenset({"Private", "BucketOwnerFullControl", "BucketOwnerRead", "LogDeliveryWrite"})


@rule(
    "GovML-BucketTls",
    _BUCKET,
    title="A bucket refuses requests without TLS",
    rationale="S3 answers plain HTTP too; only a Deny for everybody, on every action, on bucket and objects, stops that.",
    severity="high",
    controls=("SC-8", "SC-8(1)", "SC-23"),
    public_sector_controls=("DP-3", "NS-7"),
)
def bucket_tls(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """Read the bucket's policies in the template."""
    gap = tls_gap(bucket_statements(resource, template), ("s3:AnyAction",), _bucket_and_objects)
    if gap:
        yield f"its policy {gap}: Deny `s3:*` to `*` on the bucket and its objects, Bool aws:SecureTransport false"


def bucket_statements(bucket: Resource, template: Template) -> list[PolicyStatement]:
    """Return the statements of all policies of a bucket, found by reference or by name."""
    name = bucket.get("BucketName")
    policies = [
        each
        for each in template.of_type("AWS::S3::BucketPolicy")
        if bucket.refers_to(each.get("Bucket")) or (name and each.get("Bucket") == name)
    ]
    return [statement for each in policies for found in resource_policies(each) for statement in found]


def _bucket_and_objects(resources: Sequence[str]) -> bool:
    """Return whether ARNs cover a bucket and all its objects."""
    whole = any(each == "*" or (each.endswith("*") and "/" not in each.split(":::")[-1]) for each in resources)
    bucket = any("/" not in each.split(":::")[-1] for each in resources)
    return whole or (bucket and any(each.endswith("/*") and each.count("/") == 1 for each in resources))


@rule(
    "GovML-BucketPublicAccess",
    _BUCKET,
    "AWS::S3::AccessPoint",
    "AWS::S3::MultiRegionAccessPoint",
    title="All four blocks of public access are on",
    rationale="They hold even when a policy or an ACL is opened by mistake.",
    severity="high",
    controls=("AC-3", "SC-7(3)"),
    public_sector_controls=("NS-2", "NS-3"),
)
def bucket_public_access(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """An access point inherits the bucket's blocks, but must not switch its own off."""
    name = "PublicAccessBlockConfiguration"
    blocks = resource.get(name)
    if is_token(blocks):
        return
    if blocks is None:
        if resource.type == _BUCKET:
            yield f"has no {name}: set all four blocks to true"
        return
    off = [each for each in _BLOCKS if not true(get(blocks, each)) and not is_token(get(blocks, each))]
    if off:
        yield f"does not block public access: set {', '.join(off)} to true"


@rule(
    "GovML-BucketAcl",
    _BUCKET,
    title="A bucket is governed by policies, not by ACLs",
    rationale="ACLs open single objects to everybody or to other owners, past every policy.",
    severity="high",
    controls=("AC-3", "AC-6"),
    public_sector_controls=("NS-3", "AC-1"),
    source='S3 user guide, "Controlling ownership of objects and disabling ACLs for your bucket"',
)
def bucket_acl(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """Ask for private ACLs and enforced ownership; the writer of access logs may need an ACL."""
    acl = resource.get("AccessControl")
    if acl and not is_token(acl) and acl not in _ACLS:
        yield f"its AccessControl is {acl}: leave it out, and grant access in the bucket's policy"
    delivery = acl == "LogDeliveryWrite"  # an ACL, so that ownership cannot be enforced
    for each in listed(resource.get("OwnershipControls", "Rules")):
        ownership = get(each, "ObjectOwnership")
        mixed = ownership == "BucketOwnerPreferred" and resource.logical_id in log_targets(template)
        if ownership and ownership != "BucketOwnerEnforced" and not is_token(ownership) and not (mixed or delivery):
            yield f"its objects belong to their writers ({ownership}): set BucketOwnerEnforced"


@rule(
    "GovML-BucketWebsite",
    _BUCKET,
    title="A bucket serves no web pages and no foreign origin",
    rationale="Website hosting answers without TLS and without identity; CORS `*` lets any page use a signed-in browser.",
    severity="high",
    controls=("AC-4", "SC-7", "SC-8"),
    public_sector_controls=("NS-2", "NS-3"),
)
def bucket_website(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look for website hosting and for origins that are everybody."""
    if resource.get("WebsiteConfiguration"):
        yield "hosts a website: remove WebsiteConfiguration"
    for each in listed(resource.get("CorsConfiguration", "CorsRules")):
        for origin in listed(get(each, "AllowedOrigins")):
            if origin == "*" or str(origin).startswith("http://"):
                yield f"lets pages of {origin} in by CORS: name an https origin"
