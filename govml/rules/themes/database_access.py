"""Ways into databases and caches: TLS, no password in a template, roles instead of passwords."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.demands import given, later, switched_on
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import false, true

_RDS, _INSTANCE = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance"
_DOCDB, _NEPTUNE = "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster"
_REPLICATION, _MEMORY = "AWS::ElastiCache::ReplicationGroup", "AWS::MemoryDB::Cluster"
_SOURCE = "AWS::DMS::Endpoint"
# Engines that DMS speaks to in a protocol of the database's own; the others are services of AWS, over HTTPS.
_DATABASES = frozenset(
    {"aurora", "aurora-postgresql", "azuredb", "db2", "docdb", "mariadb", "mongodb", "mysql", "oracle", "postgres"}
    | {"sqlserver", "sybase"}
)


@rule(
    "GovML-DatabaseTransport",
    _REPLICATION,
    "AWS::ElastiCache::CacheCluster",
    _MEMORY,
    "AWS::RDS::DBProxy",
    _SOURCE,
    "AWS::QuickSight::DataSource",
    title="Caches, proxies and connections to databases speak TLS only",
    rationale="Sessions and passwords cross the network.",
    severity="medium",
    controls=("SC-8", "SC-8(1)"),
    public_sector_controls=("DP-3", "NS-7"),
    source='ElastiCache user guide, "ElastiCache in-transit encryption (TLS)"',
)
def database_transport(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Each has its own name for it; MemoryDB and QuickSight have TLS unless it is switched off."""
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
    spoken = resource.type == _SOURCE and str(resource.get("EngineName")).lower() in _DATABASES
    if spoken and resource.get("SslMode") in (None, "none"):
        yield "SslMode is none, as it is when nothing is set: set require, verify-ca or verify-full"
    if true(resource.get("SslProperties", "DisableSsl")):
        yield "SslProperties.DisableSsl is true"


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
