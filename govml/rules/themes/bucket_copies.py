"""Buckets: locks that keep objects, and copies that leave."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get, is_token, listed, true

_BUCKET = "AWS::S3::Bucket"


@rule(
    "GovML-BucketLock",
    _BUCKET,
    title="A bucket with Object Lock really locks",
    rationale="A retention of nothing, or a lock that is configured but not enabled, keeps no evidence.",
    severity="high",
    controls=("AU-9", "AU-11", "CP-9"),
    public_sector_controls=("BR-3", "LM-2"),
    source='S3 user guide, "Locking objects with Object Lock"',
)
def bucket_lock(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Compare the switch, the rule and its period."""
    configured = resource.get("ObjectLockConfiguration")
    if not is_token(configured) and true(resource.get("ObjectLockEnabled")) and not get(configured, "Rule"):
        yield "has Object Lock, but no rule: nothing is locked unless each writer asks for it"
    if not configured:
        return
    if not true(resource.get("ObjectLockEnabled")) and not is_token(resource.get("ObjectLockEnabled")):
        yield "configures Object Lock, but ObjectLockEnabled is not true"
    if is_token(configured):
        return
    if get(configured, "ObjectLockEnabled") not in ("Enabled", None) and not is_token(configured["ObjectLockEnabled"]):
        yield "its ObjectLockConfiguration is not Enabled"
    kept = get(configured, "Rule", "DefaultRetention")
    if kept is not None and not is_token(kept):
        days, years = get(kept, "Days"), get(kept, "Years")
        if all(str(each or 0) == "0" for each in (days, years)):
            yield "its Object Lock retains for no time: set Days or Years"
        if not get(kept, "Mode"):
            yield "its Object Lock has no Mode: set COMPLIANCE or GOVERNANCE"


@rule(
    "GovML-BucketCopies",
    _BUCKET,
    title="Objects are copied only to buckets of the agency",
    rationale="Replication and inventories carry data, or the names of it, into another account.",
    severity="high",
    controls=("AC-4", "SC-7"),
    public_sector_controls=("DP-1", "DP-4"),
)
def bucket_copies(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Look at the accounts that replication and inventories name, and at copies that lose their encryption."""
    for each in listed(resource.get("ReplicationConfiguration", "Rules")):
        destination = get(each, "Destination")
        account = str(get(destination, "Account") or "")
        if account.isdigit() and account not in options.accounts:
            yield f"replicates to account {account}, which is not known to be the agency's"
        selected = get(each, "SourceSelectionCriteria", "SseKmsEncryptedObjects", "Status")
        if selected == "Enabled" and not get(destination, "EncryptionConfiguration", "ReplicaKmsKeyID"):
            yield "replicates encrypted objects without a key for the copies: set ReplicaKmsKeyID"
    for each in listed(resource.get("InventoryConfigurations")):
        account = str(get(each, "Destination", "BucketAccountId") or "")
        if account.isdigit() and account not in options.accounts:
            yield f"sends its inventory to account {account}, which is not known to be the agency's"
