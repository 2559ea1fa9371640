"""Warehouses and questions to them: Redshift, Athena."""

from __future__ import annotations

from example import REMOVED, Example, change
from service_pieces import KEY, WAREHOUSE

ATHENA = {
    "Questions": {
        "Type": "AWS::Athena::WorkGroup",
        "Properties": {
            "Name": "analysts",
            "WorkGroupConfiguration": {
                "EnforceWorkGroupConfiguration": True,
                "PublishCloudWatchMetricsEnabled": True,
                "BytesScannedCutoffPerQuery": 10_000_000_000,
                "ResultConfiguration": {
                    "OutputLocation": {"Fn::Sub": "s3://${Results}/athena/"},
                    "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": KEY},
                },
            },
        },
    },
    "Managed": {
        "Type": "AWS::Athena::WorkGroup",
        "Properties": {
            "Name": "managed",
            "WorkGroupConfiguration": {
                "ManagedQueryResultsConfiguration": {"Enabled": True, "EncryptionConfiguration": {"KmsKey": KEY}},
                # what the nag packs ask of every workgroup
                "ResultConfiguration": {"EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": KEY}},
            },
        },
    },
}
_QUESTIONS = "Questions.Properties.WorkGroupConfiguration"

EXAMPLES = {
    "GovML-WarehouseKey": Example(
        WAREHOUSE,
        [
            change(WAREHOUSE, "Cluster.Properties.Encrypted", False),
            change(WAREHOUSE, "Cluster.Properties.KmsKeyId", REMOVED),
            change(WAREHOUSE, "Namespace.Properties.KmsKeyId", REMOVED),
            change(WAREHOUSE, "Namespace.Properties.KmsKeyId", "AWS_OWNED_KMS_KEY"),
        ],
    ),
    "GovML-WarehouseNetwork": Example(
        WAREHOUSE,
        [
            change(WAREHOUSE, "Cluster.Properties.PubliclyAccessible", True),
            change(WAREHOUSE, "Cluster.Properties.EnhancedVpcRouting", REMOVED),
            change(WAREHOUSE, "Workgroup.Properties.PubliclyAccessible", True),
            change(WAREHOUSE, "Workgroup.Properties.EnhancedVpcRouting", False),
            change(WAREHOUSE, "Workgroup.Properties.ConfigParameters.0.ParameterValue", "false"),
            change(WAREHOUSE, "Parameters.Properties.Parameters.0.ParameterValue", "false"),
            change(WAREHOUSE, "Parameters.Properties.Parameters", []),
        ],
    ),
    "GovML-WarehouseLog": Example(
        WAREHOUSE,
        [
            change(WAREHOUSE, "Cluster.Properties.LoggingProperties", REMOVED),
            change(WAREHOUSE, "Namespace.Properties.LogExports", REMOVED),
            change(WAREHOUSE, "Namespace.Properties.LogExports", ["userlog"]),
        ],
    ),
    "GovML-AthenaResults": Example(
        ATHENA,
        [
            change(ATHENA, f"{_QUESTIONS}.EnforceWorkGroupConfiguration", False),
            change(ATHENA, f"{_QUESTIONS}.EnforceWorkGroupConfiguration", "false"),
            change(ATHENA, f"{_QUESTIONS}.PublishCloudWatchMetricsEnabled", False),
            change(ATHENA, f"{_QUESTIONS}.ResultConfiguration.EncryptionConfiguration", REMOVED),
            change(ATHENA, f"{_QUESTIONS}.ResultConfiguration.EncryptionConfiguration", {"EncryptionOption": "SSE_S3"}),
            change(ATHENA, f"{_QUESTIONS}.ResultConfiguration.EncryptionConfiguration.KmsKey", REMOVED),
            change(ATHENA, "Questions.Properties.WorkGroupConfiguration", REMOVED),
            change(
                ATHENA,
                "Managed.Properties.WorkGroupConfiguration.ManagedQueryResultsConfiguration.EncryptionConfiguration",
                REMOVED,
            ),
        ],
    ),
}
