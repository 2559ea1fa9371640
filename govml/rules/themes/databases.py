"""Databases that serve as vector or graph stores: with own keys, private, not deleted by mistake."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.demands import given, key_problem, own_key, switched_on
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import false, true

_RDS, _INSTANCE = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance"
_DOCDB, _NEPTUNE = "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster"
_CLUSTERS = (_RDS, _INSTANCE, _DOCDB, _NEPTUNE)
_GRAPH = "AWS::NeptuneGraph::Graph"


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
