"""Buckets: encryption, versions, access logs, locks, copies."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.demands import own_key
from govml.rules.options import Options
from govml.rules.policies import resource_policies
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get, is_token, listed

_BUCKET, _TABLES = "AWS::S3::Bucket", "AWS::S3Tables::TableBucket"
_LOG_WRITERS = (
    "logging.s3.amazonaws.com",
    "delivery.logs.amazonaws.com",
    "logdelivery.elasticloadbalancing.amazonaws.com",
)
_LB = ("AWS::ElasticLoadBalancingV2::LoadBalancer",)


def log_targets(template: Template) -> set[str]:
    """Return the logical ids of the buckets that receive access logs; those log to nobody and may use S3's own keys."""
    found = template.shared.get("log_targets")
    if found is None:
        found = template.shared["log_targets"] = set(_log_targets(template))
    return set(found)


def _log_targets(template: Template) -> Iterator[str]:
    named = {str(each.get("LoggingConfiguration", "DestinationBucketName")) for each in template.of_type(_BUCKET)}
    for balancer in template.of_type(*_LB):
        for each in listed(balancer.get("LoadBalancerAttributes")):
            if str(get(each, "Key")).endswith("logs.s3.bucket"):
                named.add(str(get(each, "Value")))
    written = {
        str(policy.get("Bucket"))
        for policy in template.of_type("AWS::S3::BucketPolicy")
        for found in resource_policies(policy)
        if any(name in _LOG_WRITERS for each in found if each.allow for _, name in each.principals)
    }
    for bucket in template.of_type(_BUCKET):
        # Some write the log service into every bucket's policy; one that logs elsewhere is no target.
        names = named if bucket.get("LoggingConfiguration") else named | written
        is_named = bucket.get("BucketName") in names or any(bucket.refers_to(each) for each in names)
        if is_named or bucket.get("AccessControl") == "LogDeliveryWrite":
            yield bucket.logical_id


@rule(
    "GovML-BucketEncryption",
    _BUCKET,
    _TABLES,
    title="A bucket encrypts with a key of the agency",
    rationale="Whoever reads must also be allowed by the key's policy, and taking the key away closes the data.",
    severity="high",
    controls=("SC-28", "SC-13", "SC-12"),
    public_sector_controls=("DP-2", "CK-1"),
)
def bucket_encryption(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """Ask for SSE-KMS with a customer key; a target of access logs may use SSE-S3, which its writer needs."""
    if resource.type == _TABLES:
        held = resource.get("EncryptionConfiguration")
        if not is_token(held) and not own_key(get(held, "KMSKeyArn")):
            yield "encrypts its tables with a key of AWS: set EncryptionConfiguration with KMSKeyArn"
        return
    rules = listed(resource.get("BucketEncryption", "ServerSideEncryptionConfiguration"))
    if not rules:
        yield "has no BucketEncryption: set aws:kms with the key of its data domain"
    for each in rules:
        if is_token(each):
            continue
        default = get(each, "ServerSideEncryptionByDefault")
        algorithm, key = get(default, "SSEAlgorithm"), get(default, "KMSMasterKeyID")
        if algorithm == "AES256" and resource.logical_id in log_targets(template):
            continue
        if not is_token(algorithm) and str(algorithm) not in {"aws:kms", "aws:kms:dsse"}:
            yield f"encrypts with {algorithm or 'nothing'}: set aws:kms with the key of its data domain"
        elif not key or "alias/aws/" in str(key):
            yield "encrypts with the key of AWS (aws/s3): set KMSMasterKeyID to the key of its data domain"


@rule(
    "GovML-BucketVersioning",
    _BUCKET,
    title="A bucket keeps versions",
    rationale="A version that was overwritten or deleted by mistake or by ransom can be taken back.",
    severity="medium",
    controls=("CP-9", "SI-12"),
    public_sector_controls=("BR-1",),
)
def bucket_versioning(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """Targets of access logs are only appended to and may leave versions out, but not suspend them."""
    status = resource.get("VersioningConfiguration", "Status")
    if status == "Enabled" or is_token(status) or (status is None and resource.logical_id in log_targets(template)):
        return
    yield f"keeps no versions (Status {status or 'not set'}): set VersioningConfiguration.Status to Enabled"


@rule(
    "GovML-BucketAccessLogs",
    _BUCKET,
    title="Access to a bucket is logged",
    rationale="Without server access logs nobody can tell who read or changed the data.",
    severity="medium",
    controls=("AU-2", "AU-12", "AC-6(9)"),
    public_sector_controls=("LM-6",),
)
def bucket_access_logs(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """The bucket that receives the logs need not log itself: it would log its own logging."""
    if not resource.get("LoggingConfiguration") and resource.logical_id not in log_targets(template):
        yield "has no LoggingConfiguration: send its access logs to the log bucket"
