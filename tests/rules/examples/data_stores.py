"""Examples of the rules on tables, file systems, databases and backups, and on what is kept of them."""

from __future__ import annotations

from example import REMOVED, Example, change
from pieces import BUCKET, KEPT, KEY, LOG_GROUP, resource

_BACKED_UP = {"Status": "ENABLED"}
_FILES = {
    "Files": resource(
        "AWS::EFS::FileSystem", {"Encrypted": True, "KmsKeyId": KEY, "BackupPolicy": {"Status": "ENABLED"}}, **KEPT
    )
}
_DATABASE = {
    "Database": resource(
        "AWS::RDS::DBCluster",
        {
            "StorageEncrypted": "true",
            "KmsKeyId": KEY,
            "BackupRetentionPeriod": 7,
            "DeletionProtection": True,
            "ManageMasterUserPassword": True,
            "EnableIAMDatabaseAuthentication": True,
            "EnableCloudwatchLogsExports": ["postgresql"],
        },
        **KEPT,
    )
}
_CACHE = {
    "Cache": resource(
        "AWS::ElastiCache::ReplicationGroup",
        {"AtRestEncryptionEnabled": True, "TransitEncryptionEnabled": True},
        **KEPT,
    )
}
_TABLE = {
    "Table": resource(
        "AWS::DynamoDB::Table",
        {
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "DeletionProtectionEnabled": True,
        },
        **KEPT,
    )
}
_SSE = "Table.Properties.SSESpecification"
_VAULT = {
    "Vault": resource(
        "AWS::Backup::BackupVault",
        {"BackupVaultName": "v", "EncryptionKeyArn": KEY, "LockConfiguration": {"MinRetentionDays": 35}},
        **KEPT,
    )
}

EXAMPLES = {
    "GovML-StorageEncryption": Example(
        passing={**_FILES, **_DATABASE, **_CACHE},
        failing=[
            change(_FILES, "Files.Properties.Encrypted", REMOVED),
            change(_FILES, "Files.Properties.Encrypted", False),
            change(_FILES, "Files.Properties.KmsKeyId", REMOVED),
            change(_DATABASE, "Database.Properties.StorageEncrypted", "false"),
            change(_DATABASE, "Database.Properties.StorageEncrypted", REMOVED),
            change(_CACHE, "Cache.Properties.TransitEncryptionEnabled", False),
            change(_CACHE, "Cache.Properties.AtRestEncryptionEnabled", REMOVED),
            {"Disk": resource("AWS::EC2::Volume", {"Size": 10}, **KEPT)},
            {
                "Disk": resource(
                    "AWS::EC2::Volume", {"Size": 10, "Encrypted": {"Fn::If": ["Prod", True, False]}}, **KEPT
                )
            },
        ],
    ),
    "GovML-TableProtection": Example(
        passing=_TABLE,
        failing=[
            change(_TABLE, _SSE, REMOVED),
            change(_TABLE, f"{_SSE}.SSEEnabled", False),
            change(_TABLE, f"{_SSE}.KMSMasterKeyId", REMOVED),
            change(_TABLE, "Table.Properties.PointInTimeRecoverySpecification", REMOVED),
            change(_TABLE, "Table.Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", "false"),
        ],
    ),
    "GovML-DeletionProtection": Example(
        passing=_DATABASE,
        failing=[
            change(_DATABASE, "Database.Properties.DeletionProtection", False),
            change(_TABLE, "Table.Properties.DeletionProtectionEnabled", "false"),
            {"Pool": resource("AWS::Cognito::UserPool", {"DeletionProtection": "INACTIVE"}, **KEPT)},
        ],
    ),
    "GovML-BackupVault": Example(
        passing=_VAULT,
        failing=[
            change(_VAULT, "Vault.Properties.EncryptionKeyArn", REMOVED),
            change(_VAULT, "Vault.Properties.LockConfiguration.MinRetentionDays", 0),
            change(_VAULT, "Vault.Properties.LockConfiguration", {"MaxRetentionDays": 400}),
        ],
    ),
    "GovML-BackupsKept": Example(
        passing={**_DATABASE, **_FILES},
        failing=[
            change(_DATABASE, "Database.Properties.BackupRetentionPeriod", 0),
            change(_FILES, "Files.Properties.BackupPolicy.Status", "DISABLED"),
            change(_CACHE, "Cache.Properties.SnapshotRetentionLimit", "0"),
        ],
    ),
    "GovML-AwsManagedKey": Example(
        passing={"Topic": resource("AWS::SNS::Topic", {"KmsMasterKeyId": "alias/agency-logs"})},
        failing=[
            {"Topic": resource("AWS::SNS::Topic", {"KmsMasterKeyId": "alias/aws/sns"})},
            change(
                _VAULT,
                "Vault.Properties.EncryptionKeyArn",
                {"Fn::Sub": "arn:${AWS::Partition}:kms:x:y:alias/aws/backup"},
            ),
            change(_TABLE, f"{_SSE}.KMSMasterKeyId", "alias/aws/dynamodb"),
            change(LOG_GROUP, "Group.Properties.KmsKeyId", {"Fn::Join": ["/", ["alias", "aws", "logs"]]}),
        ],
    ),
    "GovML-StatefulRetained": Example(
        passing={**_TABLE, "Database": {**_DATABASE["Database"], "DeletionPolicy": "Snapshot"}},
        failing=[
            change(_TABLE, "Table.DeletionPolicy", REMOVED),
            change(_TABLE, "Table.DeletionPolicy", "Delete"),
            change(_TABLE, "Table.UpdateReplacePolicy", "Delete"),
            change({**_TABLE, **_FILES}, "Table.UpdateReplacePolicy", REMOVED),
            change(BUCKET, "Bucket.DeletionPolicy", REMOVED),
            change(LOG_GROUP, "Group.DeletionPolicy", "Delete"),
            change(LOG_GROUP, "Group.DeletionPolicy", REMOVED),
            change({**LOG_GROUP, "Other": dict(LOG_GROUP["Group"])}, "Other.DeletionPolicy", REMOVED),
            {"Key": resource("AWS::KMS::Key", {"EnableKeyRotation": True})},
        ],
    ),
}
