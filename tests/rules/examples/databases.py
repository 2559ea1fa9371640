"""Databases: Aurora, Neptune, ElastiCache, MemoryDB."""

from __future__ import annotations

from example import REMOVED, Example, change
from service_pieces import KEY, RETAINED, WAREHOUSE

DATABASES = {
    "Cluster": {
        "Type": "AWS::RDS::DBCluster",
        **RETAINED,
        "Properties": {
            "Engine": "aurora-postgresql",
            "StorageEncrypted": True,
            "KmsKeyId": {"Ref": "Key"},
            "ManageMasterUserPassword": True,
            "MasterUsername": "postgres_admin",
            "EnableIAMDatabaseAuthentication": True,
            "DeletionProtection": True,
            "BackupRetentionPeriod": 14,
            "EnableHttpEndpoint": True,
            "EnableCloudwatchLogsExports": ["postgresql"],
            "VpcSecurityGroupIds": [{"Ref": "Group"}],
            "DBSubnetGroupName": {"Ref": "SubnetGroup"},
        },
    },
    "Instance": {
        "Type": "AWS::RDS::DBInstance",
        **RETAINED,
        "Properties": {
            "DBClusterIdentifier": {"Ref": "Cluster"},
            "DBInstanceClass": "db.serverless",
            "Engine": "aurora-postgresql",
            "PubliclyAccessible": False,
        },
    },
    "Graph": {
        "Type": "AWS::NeptuneGraph::Graph",
        **RETAINED,
        "Properties": {"ProvisionedMemory": 16, "PublicConnectivity": False, "KmsKeyIdentifier": KEY},
    },
    "Sessions": {
        "Type": "AWS::ElastiCache::ReplicationGroup",
        **RETAINED,
        "Properties": {
            "ReplicationGroupDescription": "sessions",
            "AtRestEncryptionEnabled": True,
            "TransitEncryptionEnabled": True,
            "KmsKeyId": KEY,
            "SnapshotRetentionLimit": 7,
        },
    },
    "Memory": {
        "Type": "AWS::MemoryDB::Cluster",
        **RETAINED,
        "Properties": {"ACLName": {"Ref": "Acl"}, "NodeType": "db.r7g.large", "KmsKeyId": KEY, "TLSEnabled": True},
    },
}
_CLUSTER = "Cluster.Properties"

EXAMPLES = {
    "GovML-DatabaseKey": Example(
        DATABASES,
        [
            change(DATABASES, f"{_CLUSTER}.StorageEncrypted", False),
            change(DATABASES, f"{_CLUSTER}.StorageEncrypted", REMOVED),
            change(DATABASES, f"{_CLUSTER}.KmsKeyId", REMOVED),
            change(DATABASES, f"{_CLUSTER}.KmsKeyId", "alias/aws/rds"),
            change(DATABASES, "Graph.Properties.KmsKeyIdentifier", REMOVED),
            change(DATABASES, "Instance.Properties.DBClusterIdentifier", REMOVED),
        ],
    ),
    "GovML-DatabasePublic": Example(
        DATABASES,
        [
            change(DATABASES, "Instance.Properties.PubliclyAccessible", True),
            change(DATABASES, "Instance.Properties.PubliclyAccessible", "true"),
            change(DATABASES, "Graph.Properties.PublicConnectivity", True),
        ],
    ),
    "GovML-DatabaseTransport": Example(
        DATABASES,
        [
            change(DATABASES, "Sessions.Properties.TransitEncryptionEnabled", False),
            change(DATABASES, "Sessions.Properties.TransitEncryptionEnabled", REMOVED),
            change(DATABASES, "Sessions.Properties.TransitEncryptionMode", "preferred"),
            change(DATABASES, "Memory.Properties.TLSEnabled", "false"),
            change(DATABASES, "Memory.Properties.ACLName", "open-access"),
            {"Proxy": {"Type": "AWS::RDS::DBProxy", "Properties": {"EngineFamily": "POSTGRESQL"}}},
            {"Source": {"Type": "AWS::DMS::Endpoint", "Properties": {"EngineName": "postgres", "SslMode": "none"}}},
            {"Source": {"Type": "AWS::DMS::Endpoint", "Properties": {"EngineName": "oracle"}}},
            {"Table": {"Type": "AWS::QuickSight::DataSource", "Properties": {"SslProperties": {"DisableSsl": True}}}},
        ],
    ),
    "GovML-DatabasePassword": Example(
        {**DATABASES, "Namespace": WAREHOUSE["Namespace"]},
        [
            change(DATABASES, f"{_CLUSTER}.MasterUserPassword", "Changed-1"),
            change(WAREHOUSE, "Namespace.Properties.AdminUserPassword", "Changed-1"),
            change(WAREHOUSE, "Cluster.Properties.MasterUserPassword", "Changed-1"),
        ],
    ),
    "GovML-DatabaseAccess": Example(
        DATABASES,
        [
            change(DATABASES, f"{_CLUSTER}.EnableIAMDatabaseAuthentication", value)
            for value in (False, "false", REMOVED)
        ],
    ),
    "GovML-DatabaseDeletion": Example(
        DATABASES,
        [
            change(DATABASES, f"{_CLUSTER}.DeletionProtection", False),
            change(DATABASES, f"{_CLUSTER}.DeletionProtection", REMOVED),
            change(DATABASES, "Graph.Properties.DeletionProtection", "false"),
        ],
    ),
}
