"""Tables, file systems, volumes, databases, caches and backups: encryption, recovery, protection."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import ANY, rule
from govml.rules.template import Resource, Template
from govml.rules.values import false, get, is_token, listed, true

# Types whose storage is in the clear unless the property says otherwise, or may be switched to the clear.
_ENCRYPTED = {
    "AWS::EFS::FileSystem": (("Encrypted",),),
    "AWS::EC2::Volume": (("Encrypted",),),
    "AWS::RDS::DBInstance": (("StorageEncrypted",),),
    "AWS::RDS::DBCluster": (("StorageEncrypted",),),
    "AWS::RDS::GlobalCluster": (("StorageEncrypted",),),
    "AWS::DocDB::DBCluster": (("StorageEncrypted",),),
    "AWS::Neptune::DBCluster": (("StorageEncrypted",),),
    "AWS::DAX::Cluster": (("SSESpecification", "SSEEnabled"),),
    "AWS::ElastiCache::ReplicationGroup": (("AtRestEncryptionEnabled",), ("TransitEncryptionEnabled",)),
    "AWS::MemoryDB::Cluster": (("TLSEnabled",),),
}
_ON_BY_DEFAULT = frozenset({"AWS::MemoryDB::Cluster"})
_TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")


@rule(
    "GovML-StorageEncryption",
    *_ENCRYPTED,
    title="Storage is encrypted at rest",
    rationale="Disks and snapshots outlive the machines that wrote them.",
    severity="high",
    controls=("SC-28", "SC-28(1)"),
    public_sector_controls=("DP-2",),
)
def storage_encryption(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """A member of a cluster and a copy of a snapshot take the encryption of what they come from."""
    inherits = any(
        resource.get(name) for name in ("DBClusterIdentifier", "SourceDBInstanceIdentifier", "SnapshotIdentifier")
    )
    for path in _ENCRYPTED[resource.type]:
        value = resource.get(*path)
        absent_is_fine = value is None and (inherits or resource.type in _ON_BY_DEFAULT)
        if not true(value) and not is_token(value) and not absent_is_fine:
            yield f"is not encrypted: set {'.'.join(path)} to true"
    if resource.type == "AWS::EFS::FileSystem" and not resource.get("KmsKeyId"):
        yield "is encrypted with the key of AWS: set KmsKeyId to the key of its data domain"


@rule(
    "GovML-TableProtection",
    *_TABLES,
    title="A table is encrypted with a key of the agency and can be recovered",
    rationale="Without point-in-time recovery a wrong write is final; without the agency's key its policy governs nothing.",
    severity="medium",
    controls=("SC-28", "CP-9", "CP-10"),
    public_sector_controls=("DP-2", "BR-1"),
    source='DynamoDB developer guide, "DynamoDB encryption at rest": the default key belongs to AWS',
)
def table_protection(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """A global table says so for each of its replicas."""
    specification = resource.get("SSESpecification")
    replicas = [resource.properties, *listed(resource.get("Replicas"))]
    key = next(filter(None, (get(each, "SSESpecification", "KMSMasterKeyId") for each in replicas)), None)
    if not is_token(specification) and (not true(get(specification, "SSEEnabled")) or not key):
        yield "is not encrypted with a key of the agency: set SSESpecification with SSEEnabled and KMSMasterKeyId"
    recovery = [get(each, "PointInTimeRecoverySpecification") for each in replicas]
    found = [get(each, "PointInTimeRecoveryEnabled") for each in recovery]
    if not any(true(each) or is_token(each) for each in found) or any(false(each) for each in found):
        yield "cannot be recovered to a point in time: set PointInTimeRecoveryEnabled to true"


@rule(
    "GovML-DeletionProtection",
    ANY,
    title="Protection from deletion is not switched off",
    rationale="One wrong call deletes what no backup brings back in time.",
    severity="medium",
    controls=("CP-9", "CM-5"),
    public_sector_controls=("BR-1",),
)
def deletion_protection(resource: Resource, template: Template, options: Options) -> Iterator[str]:
    """Find the switch by the names that services give it, set to false."""
    if options.may_delete(template.name):
        return
    for name in ("DeletionProtection", "DeletionProtectionEnabled", "TerminationProtectionEnabled", "DeleteProtection"):
        value = resource.properties.get(name)
        if false(value) or value == "INACTIVE":
            yield f"{name} is off: set it to {'ACTIVE' if value == 'INACTIVE' else 'true'}"


@rule(
    "GovML-BackupVault",
    "AWS::Backup::BackupVault",
    "AWS::Backup::LogicallyAirGappedBackupVault",
    title="A backup vault is encrypted and its lock holds",
    rationale="Backups are what an attacker deletes first.",
    severity="medium",
    controls=("CP-9", "SC-28", "CP-9(8)"),
    public_sector_controls=("BR-1", "BR-3"),
)
def backup_vault(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for a key, and that a lock retains for some time."""
    if resource.type == "AWS::Backup::BackupVault" and not resource.get("EncryptionKeyArn"):
        yield "has no key of the agency: set EncryptionKeyArn"
    lock = resource.get("LockConfiguration")
    if lock and not is_token(lock) and str(get(lock, "MinRetentionDays") or "0") == "0":
        yield "its lock retains for no time: set MinRetentionDays"


@rule(
    "GovML-BackupsKept",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBCluster",
    "AWS::DocDB::DBCluster",
    "AWS::Neptune::DBCluster",
    "AWS::EFS::FileSystem",
    "AWS::ElastiCache::ReplicationGroup",
    title="Automatic backups are not switched off",
    rationale="A database without backups is lost with its first mistake.",
    severity="medium",
    controls=("CP-9",),
    public_sector_controls=("BR-1",),
)
def backups_kept(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """A retention of 0 days and a disabled policy switch them off."""
    for name in ("BackupRetentionPeriod", "SnapshotRetentionLimit"):
        if str(resource.properties.get(name)) == "0":
            yield f"{name} is 0, which switches backups off"
    if resource.get("BackupPolicy", "Status") == "DISABLED":
        yield "its BackupPolicy is DISABLED"


@rule(
    "GovML-AwsManagedKey",
    ANY,
    title="Data is encrypted with keys of the agency, not with keys that AWS manages",
    rationale="The policy of an AWS-managed key cannot be written, so it keeps nobody in the account out.",
    severity="medium",
    controls=("SC-12", "SC-28"),
    public_sector_controls=("CK-1", "DP-2"),
    source='KMS developer guide, "AWS managed keys"',
)
def aws_managed_key(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find the reserved aliases wherever a key is named.

    Buckets have their own rule. CodeBuild writes its default that way, and the nag packs demand it of Kinesis (KDS3).
    """
    if resource.type in {"AWS::CodeBuild::Project", "AWS::Kinesis::Stream", "AWS::S3::Bucket"}:
        return
    for text in resource.texts:
        if "alias/aws/" in text.value and ("Key" in text.name or "Kms" in text.name):
            yield f"{text.where} is {text.value}: name the key of its data domain"
