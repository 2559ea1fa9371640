"""Glue and Lake Formation."""

from __future__ import annotations

from example import REMOVED, Example, change
from service_pieces import KEY

GLUE = {
    "Security": {
        "Type": "AWS::Glue::SecurityConfiguration",
        "Properties": {
            "Name": "encrypted",
            "EncryptionConfiguration": {
                "S3Encryptions": [{"S3EncryptionMode": "SSE-KMS", "KmsKeyArn": KEY}],
                "CloudWatchEncryption": {"CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": KEY},
                "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "CSE-KMS", "KmsKeyArn": KEY},
            },
        },
    },
    "Catalogue": {
        "Type": "AWS::Glue::DataCatalogEncryptionSettings",
        "Properties": {
            "CatalogId": {"Ref": "AWS::AccountId"},
            "DataCatalogEncryptionSettings": {
                "EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": KEY},
                "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": True, "KmsKeyId": KEY},
            },
        },
    },
    "Job": {
        "Type": "AWS::Glue::Job",
        "Properties": {
            "Role": {"Ref": "Role"},
            "GlueVersion": "5.0",
            "Command": {"Name": "glueetl", "ScriptLocation": {"Fn::Sub": "s3://${Code}/clean.py"}},
            "SecurityConfiguration": {"Ref": "Security"},
        },
    },
    "Crawler": {
        "Type": "AWS::Glue::Crawler",
        "Properties": {
            "Role": {"Ref": "Role"},
            "Targets": {"S3Targets": [{"Path": {"Fn::Sub": "s3://${Lake}/raw"}}]},
            "CrawlerSecurityConfiguration": "encrypted",
        },
    },
    "Matches": {
        "Type": "AWS::Glue::MLTransform",
        "Properties": {
            "Role": {"Ref": "Role"},
            "TransformEncryption": {"MLUserDataEncryption": {"MLUserDataEncryptionMode": "SSE-KMS", "KmsKeyId": KEY}},
        },
    },
    "Source": {
        "Type": "AWS::Glue::Connection",
        "Properties": {
            "CatalogId": {"Ref": "AWS::AccountId"},
            "ConnectionInput": {
                "ConnectionType": "JDBC",
                "ConnectionProperties": {
                    "JDBC_CONNECTION_URL": {"Fn::Sub": "jdbc:postgresql://${Cluster.Endpoint.Address}:5432/app"},
                    "JDBC_ENFORCE_SSL": "true",
                    "SECRET_ID": {"Ref": "Secret"},
                },
                "PhysicalConnectionRequirements": {
                    "SubnetId": {"Ref": "SubnetA"},
                    "SecurityGroupIdList": [{"Ref": "Group"}],
                },
            },
        },
    },
}
_SECURITY = "Security.Properties.EncryptionConfiguration"
_CATALOGUE = "Catalogue.Properties.DataCatalogEncryptionSettings"
_SOURCE = "Source.Properties.ConnectionInput.ConnectionProperties"
LAKE = {
    "Settings": {
        "Type": "AWS::LakeFormation::DataLakeSettings",
        "Properties": {
            "Admins": [{"DataLakePrincipalIdentifier": {"Fn::GetAtt": ["Role", "Arn"]}}],
            "CreateDatabaseDefaultPermissions": [],
            "CreateTableDefaultPermissions": [],
        },
    },
    "Grant": {
        "Type": "AWS::LakeFormation::PrincipalPermissions",
        "Properties": {
            "Principal": {"DataLakePrincipalIdentifier": {"Fn::GetAtt": ["Role", "Arn"]}},
            "Resource": {"Database": {"CatalogId": {"Ref": "AWS::AccountId"}, "Name": "curated"}},
            "Permissions": ["DESCRIBE"],
            "PermissionsWithGrantOption": [],
        },
    },
    "Database": {
        "Type": "AWS::Glue::Database",
        "Properties": {
            "CatalogId": {"Ref": "AWS::AccountId"},
            "DatabaseInput": {"Name": "curated", "CreateTableDefaultPermissions": []},
        },
    },
}
_ALL_IAM = [{"Permissions": ["ALL"], "Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}}]

EXAMPLES = {
    "GovML-GlueSecurityConfiguration": Example(
        GLUE,
        [
            change(GLUE, f"{_SECURITY}.S3Encryptions", REMOVED),
            change(GLUE, f"{_SECURITY}.S3Encryptions.0.S3EncryptionMode", "SSE-S3"),
            change(GLUE, f"{_SECURITY}.S3Encryptions.0.S3EncryptionMode", "DISABLED"),
            change(GLUE, f"{_SECURITY}.S3Encryptions.0.KmsKeyArn", REMOVED),
            change(GLUE, f"{_SECURITY}.CloudWatchEncryption.CloudWatchEncryptionMode", "DISABLED"),
            change(GLUE, f"{_SECURITY}.CloudWatchEncryption", REMOVED),
            change(GLUE, f"{_SECURITY}.JobBookmarksEncryption.JobBookmarksEncryptionMode", "DISABLED"),
            change(GLUE, f"{_SECURITY}.JobBookmarksEncryption.KmsKeyArn", REMOVED),
        ],
    ),
    "GovML-GlueJobSecurity": Example(
        GLUE,
        [
            change(GLUE, "Job.Properties.SecurityConfiguration", REMOVED),
            change(GLUE, "Job.Properties.SecurityConfiguration", ""),
            change(GLUE, "Crawler.Properties.CrawlerSecurityConfiguration", REMOVED),
            change(
                GLUE, "Matches.Properties.TransformEncryption.MLUserDataEncryption.MLUserDataEncryptionMode", "DISABLED"
            ),
            {"Dev": {"Type": "AWS::Glue::DevEndpoint", "Properties": {"RoleArn": "r"}}},
        ],
    ),
    "GovML-GlueCatalogue": Example(
        GLUE,
        [
            change(GLUE, f"{_CATALOGUE}.EncryptionAtRest.CatalogEncryptionMode", "DISABLED"),
            change(GLUE, f"{_CATALOGUE}.EncryptionAtRest", REMOVED),
            change(GLUE, f"{_CATALOGUE}.EncryptionAtRest.SseAwsKmsKeyId", REMOVED),
            change(GLUE, f"{_CATALOGUE}.ConnectionPasswordEncryption", REMOVED),
            change(GLUE, f"{_CATALOGUE}.ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted", False),
            change(GLUE, f"{_CATALOGUE}.ConnectionPasswordEncryption.KmsKeyId", REMOVED),
        ],
    ),
    "GovML-GlueConnection": Example(
        GLUE,
        [
            change(GLUE, f"{_SOURCE}.JDBC_ENFORCE_SSL", "false"),
            change(GLUE, f"{_SOURCE}.JDBC_ENFORCE_SSL", REMOVED),
            change(GLUE, f"{_SOURCE}.SKIP_CUSTOM_JDBC_CERT_VALIDATION", "true"),
            change(GLUE, f"{_SOURCE}.PASSWORD", "Changed-1"),
            change(GLUE, f"{_SOURCE}.KAFKA_SSL_ENABLED", False),
        ],
    ),
    "GovML-LakeGrants": Example(
        LAKE,
        [
            change(LAKE, "Grant.Properties.Principal.DataLakePrincipalIdentifier", "IAM_ALLOWED_PRINCIPALS"),
            change(
                LAKE,
                "Grant.Properties.Principal.DataLakePrincipalIdentifier",
                {"Fn::Sub": "${AWS::AccountId}:IAMPrincipals"},
            ),
            change(LAKE, "Grant.Properties.PermissionsWithGrantOption", ["ALL"]),
            change(LAKE, "Settings.Properties.CreateDatabaseDefaultPermissions", _ALL_IAM),
            change(LAKE, "Settings.Properties.CreateTableDefaultPermissions", _ALL_IAM),
            change(LAKE, "Database.Properties.DatabaseInput.CreateTableDefaultPermissions", _ALL_IAM),
            change(LAKE, "Settings.Properties.AllowExternalDataFiltering", True),
            change(LAKE, "Settings.Properties.AllowFullTableExternalDataAccess", "true"),
        ],
    ),
}
