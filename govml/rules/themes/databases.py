"""Databases that serve as vector, graph or session stores: Aurora, RDS, DocumentDB, Neptune, ElastiCache, MemoryDB."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.demands import given, key_problem, later, own_key, switched_on
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import false, true

_RDS, _INSTANCE = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance"
_DOCDB, _NEPTUNE = "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster"
_CLUSTERS = (_RDS, _INSTANCE, _DOCDB, _NEPTUNE)
_GRAPH = "AWS::NeptuneGraph::Graph"
_REPLICATION, _MEMORY = "AWS::ElastiCache::ReplicationGroup", "AWS::MemoryDB::Cluster"


def _member(resource: Resource) -> bool:
    """Return whether an instance belongs to a cluster, or copies another: it inherits storage, users and backups."""
    inherited = ("DBClusterIdentifier", "SourceDBInstanceIdentifier", "SourceDBClusterIdentifier")
    return any(given(resource.get(each)) for each in inherited)


@rule(
    "GovML-DatabaseKey",
    *_CLUSTERS,
    _GRAPH,
    title="Databases are encrypted with a key of the agency",
    rationale="What a database holds is readable from its snapshots; an own key can be withdrawn and leaves a trail.",
    severity="medium",
    controls=("SC-28", "SC-28(1)", "SC-12"),
    public_sector_controls=("DP-2", "CK-1"),
    source='RDS user guide, "Encrypting Amazon RDS resources"',
)
def database_key(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for encryption and a key; a restored snapshot keeps the encryption it has."""
    if resource.type in _CLUSTERS:
        restored = given(resource.get("SnapshotIdentifier")) or given(resource.get("DBSnapshotIdentifier"))
        if _member(resource) or (restored and resource.get("StorageEncrypted") is None):
            return
        if not switched_on(resource.get("StorageEncrypted")):
            yield "StorageEncrypted is not true"
            return
    name = "KmsKeyIdentifier" if resource.type == _GRAPH else "KmsKeyId"
    if not own_key(resource.get(name)):
        yield f"{name} {key_problem(resource.get(name))}"


@rule(
    "GovML-DatabasePublic",
    _RDS,
    _INSTANCE,
    "AWS::Neptune::DBInstance",
    _GRAPH,
    title="Databases have no address on the internet",
    rationale="A database is reached from the applications' subnets; a public address only serves those who attack it.",
    severity="high",
    controls=("SC-7", "AC-4"),
    public_sector_controls=("NS-1", "NS-2"),
    source="CloudFormation template reference, `AWS::RDS::DBInstance` `PubliclyAccessible`",
)
def database_public(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find what is switched on."""
    for name in ("PubliclyAccessible", "PublicConnectivity"):
        if true(resource.get(name)):
            yield f"{name} is true"


@rule(
    "GovML-DatabaseTransport",
    _REPLICATION,
    "AWS::ElastiCache::CacheCluster",
    _MEMORY,
    "AWS::RDS::DBProxy",
    title="Caches and proxies speak TLS only",
    rationale="Sessions and passwords cross the network.",
    severity="medium",
    controls=("SC-8", "SC-8(1)"),
    public_sector_controls=("DP-3", "NS-7"),
    source='ElastiCache user guide, "ElastiCache in-transit encryption (TLS)"',
)
def database_transport(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Each has its own name for it; MemoryDB has TLS unless it is switched off."""
    if resource.type == _REPLICATION:
        if not switched_on(resource.get("TransitEncryptionEnabled")):
            yield "TransitEncryptionEnabled is not true"
        elif resource.get("TransitEncryptionMode") == "preferred":
            yield "TransitEncryptionMode is preferred: connections in the clear are taken too"
    if resource.type == "AWS::ElastiCache::CacheCluster" and false(resource.get("TransitEncryptionEnabled")):
        yield "TransitEncryptionEnabled is false"
    if resource.type == _MEMORY:
        if false(resource.get("TLSEnabled")):
            yield "TLSEnabled is false"
        if resource.get("ACLName") == "open-access":
            yield "ACLName is open-access: everybody in the network may read and write"
    if resource.type == "AWS::RDS::DBProxy" and not switched_on(resource.get("RequireTLS")):
        yield "RequireTLS is not true"


@rule(
    "GovML-DatabasePassword",
    _RDS,
    _INSTANCE,
    _DOCDB,
    "AWS::Redshift::Cluster",
    "AWS::RedshiftServerless::Namespace",
    title="The administrator's password is made and rotated by Secrets Manager",
    rationale="A password in a template is known to everybody who reads the repository or the stack.",
    severity="high",
    controls=("IA-5", "IA-5(7)"),
    public_sector_controls=("AS-8", "AC-6"),
    source='RDS user guide, "Password management with Amazon RDS and AWS Secrets Manager"',
)
def database_password(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find literal passwords; a reference, a parameter without a default and a dynamic reference are none."""
    for name in ("MasterUserPassword", "AdminUserPassword", "TdeCredentialPassword"):
        value = resource.get(name)
        if given(value) and not later(value) and "{{resolve:" not in str(value):
            yield f"{name} is in the clear: set ManageMasterUserPassword (ManageAdminPassword) or a dynamic reference"


@rule(
    "GovML-DatabaseAccess",
    _RDS,
    _NEPTUNE,
    title="Applications sign in to database clusters with their role",
    rationale="A password that an application keeps is copied and outlives the application; a role's token lives 15 minutes.",
    severity="medium",
    controls=("IA-2", "IA-5", "AC-3"),
    public_sector_controls=("AC-13", "AS-8"),
    source='Aurora user guide, "IAM database authentication"',
)
def database_access(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for IAM authentication."""
    name = "IamAuthEnabled" if resource.type == _NEPTUNE else "EnableIAMDatabaseAuthentication"
    if not switched_on(resource.get(name)):
        yield f"{name} is not true"


@rule(
    "GovML-DatabaseDeletion",
    _RDS,
    _INSTANCE,
    _DOCDB,
    _NEPTUNE,
    _GRAPH,
    title="Databases cannot be deleted by mistake",
    rationale="One wrong call, or a replacement by CloudFormation, takes the database and its automatic backups with it.",
    severity="medium",
    controls=("CP-9", "CP-10", "CM-5"),
    public_sector_controls=("BR-1",),
    source="CloudFormation template reference, `AWS::RDS::DBCluster` `DeletionProtection`",
)
def database_deletion(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for deletion protection; a graph has it unless it is switched off."""
    if _member(resource):
        return
    protection = resource.get("DeletionProtection")
    if resource.type == _GRAPH:
        if false(protection):
            yield "DeletionProtection is false"
        return
    if not switched_on(protection):
        yield "DeletionProtection is not true"
