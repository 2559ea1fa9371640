"""The catalogue, queries and the warehouse."""

from __future__ import annotations

from all_types.words import Resources, att, ref


def analytics() -> Resources:
    return {
        "Database": {
            "Type": "AWS::Glue::Database",
            "Properties": {
                "CatalogId": ref("AWS::AccountId"),
                "DatabaseInput": {"Name": "all_types", "Description": "curated zone"},
            },
        },
        "GlueTable": {
            "Type": "AWS::Glue::Table",
            "Properties": {
                "CatalogId": ref("AWS::AccountId"),
                "DatabaseName": ref("Database"),
                "TableInput": {
                    "Name": "resale",
                    "TableType": "EXTERNAL_TABLE",
                    "Parameters": {"classification": "csv"},
                    "PartitionKeys": [{"Name": "month", "Type": "string"}],
                    "StorageDescriptor": {
                        "Columns": [{"Name": "town", "Type": "string"}],
                        "Location": {"Fn::Sub": "s3://${Bucket}/curated/"},
                        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
                    },
                },
            },
        },
        "GlueSecurity": {
            "Type": "AWS::Glue::SecurityConfiguration",
            "Properties": {
                "Name": "all-types-glue",
                "EncryptionConfiguration": {
                    "S3Encryptions": [{"S3EncryptionMode": "SSE-KMS", "KmsKeyArn": att("Key", "Arn")}],
                    "CloudWatchEncryption": {
                        "CloudWatchEncryptionMode": "SSE-KMS",
                        "KmsKeyArn": att("Key", "Arn"),
                    },
                },
            },
        },
        "Catalogue": {
            "Type": "AWS::Glue::DataCatalogEncryptionSettings",
            "Properties": {
                "CatalogId": ref("AWS::AccountId"),
                "DataCatalogEncryptionSettings": {
                    "EncryptionAtRest": {
                        "CatalogEncryptionMode": "SSE-KMS",
                        "SseAwsKmsKeyId": att("Key", "Arn"),
                    }
                },
            },
        },
        "WorkGroup": {
            "Type": "AWS::Athena::WorkGroup",
            "Properties": {
                "Name": "all-types",
                "Description": "queries",
                "RecursiveDeleteOption": True,
                "WorkGroupConfiguration": {
                    "EnforceWorkGroupConfiguration": True,
                    "PublishCloudWatchMetricsEnabled": True,
                    "BytesScannedCutoffPerQuery": 10737418240,
                    "ResultConfiguration": {
                        "OutputLocation": {"Fn::Sub": "s3://${Bucket}/athena/"},
                        "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": att("Key", "Arn")},
                    },
                },
            },
        },
        "Namespace": {
            "Type": "AWS::RedshiftServerless::Namespace",
            "Properties": {
                "NamespaceName": "all-types",
                "DbName": "analytics",
                "KmsKeyId": att("Key", "Arn"),
                "ManageAdminPassword": True,
                "LogExports": ["userlog", "connectionlog"],
            },
        },
        "Warehouse": {
            "Type": "AWS::RedshiftServerless::Workgroup",
            "Properties": {
                "WorkgroupName": "all-types",
                "NamespaceName": ref("Namespace"),
                "BaseCapacity": 8,
                "EnhancedVpcRouting": True,
                "PubliclyAccessible": False,
                "SubnetIds": [ref("Subnet")],
                "SecurityGroupIds": [att("Group", "GroupId")],
            },
        },
    }
