"""Vector stores, databases, warehouses, Athena, Glue, Lake Formation, EMR."""

from __future__ import annotations

import json

from example import REMOVED, Example, change

KEY = {"Fn::GetAtt": ["Key", "Arn"]}
RETAINED = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


def _aoss(kind: str, policy: object) -> dict:
    """Return a policy of OpenSearch Serverless; its JSON text may hold references."""
    of = "AccessPolicy" if kind == "data" else "SecurityPolicy"
    return {
        "Type": f"AWS::OpenSearchServerless::{of}",
        "Properties": {"Name": kind, "Type": kind, "Policy": {"Fn::Sub": json.dumps(policy)}},
    }


ENCRYPTION = {
    "Rules": [{"ResourceType": "collection", "Resource": ["collection/kb"]}],
    "AWSOwnedKey": False,
    "KmsARN": "${Key.Arn}",
}
NETWORK = [
    {
        "Rules": [{"ResourceType": "collection", "Resource": ["collection/kb"]}],
        "AllowFromPublic": False,
        "SourceVPCEs": ["${Endpoint}"],
    }
]
READERS = [
    {
        "Rules": [
            {
                "ResourceType": "index",
                "Resource": ["index/kb/*"],
                "Permission": ["aoss:ReadDocument", "aoss:WriteDocument"],
            }
        ],
        "Principal": ["${Role.Arn}"],
    }
]
DOMAIN = {
    "Type": "AWS::OpenSearchService::Domain",
    **RETAINED,
    "Properties": {
        "EngineVersion": "OpenSearch_2.17",
        "VPCOptions": {"SubnetIds": [{"Ref": "SubnetA"}], "SecurityGroupIds": [{"Ref": "Group"}]},
        "EncryptionAtRestOptions": {"Enabled": True, "KmsKeyId": KEY},
        "NodeToNodeEncryptionOptions": {"Enabled": True},
        "DomainEndpointOptions": {"EnforceHTTPS": True, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07"},
        "AccessPolicies": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Search",
                    "Effect": "Allow",
                    "Principal": {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}},
                    "Action": ["es:ESHttpGet", "es:ESHttpPost"],
                    "Resource": {"Fn::Sub": "arn:${AWS::Partition}:es:${AWS::Region}:${AWS::AccountId}:domain/kb/*"},
                }
            ],
        },
        "AdvancedSecurityOptions": {
            "Enabled": True,
            "MasterUserOptions": {"MasterUserARN": {"Fn::GetAtt": ["Role", "Arn"]}},
        },
    },
}
VECTORS = {
    "Encryption": _aoss("encryption", ENCRYPTION),
    "Network": _aoss("network", NETWORK),
    "Readers": _aoss("data", READERS),
    "Collection": {
        "Type": "AWS::OpenSearchServerless::Collection",
        **RETAINED,
        "Properties": {"Name": "kb", "Type": "VECTORSEARCH"},
    },
    "Domain": DOMAIN,
    "Bucket": {
        "Type": "AWS::S3Vectors::VectorBucket",
        **RETAINED,
        "Properties": {"EncryptionConfiguration": {"SseType": "aws:kms", "KmsKeyArn": KEY}},
    },
    "Index": {
        "Type": "AWS::S3Vectors::Index",
        "Properties": {"DataType": "float32", "Dimension": 1024, "DistanceMetric": "cosine"},
    },
}
_OPENSEARCH = "Domain.Properties"


def _changed(name: str, kind: str, policy: object, path: str, value: object) -> dict:
    held = {"0": policy[0]} if isinstance(policy, list) else {"0": policy}
    broken = change(held, f"0.{path}", value)["0"]
    return {**VECTORS, name: _aoss(kind, [broken] if isinstance(policy, list) else broken)}


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

WAREHOUSE = {
    "Cluster": {
        "Type": "AWS::Redshift::Cluster",
        **RETAINED,
        "Properties": {
            "ClusterType": "multi-node",
            "NodeType": "ra3.xlplus",
            "DBName": "lake",
            "MasterUsername": "lake_admin",
            "ManageMasterPassword": True,
            "Encrypted": True,
            "KmsKeyId": {"Ref": "Key"},
            "PubliclyAccessible": False,
            "EnhancedVpcRouting": True,
            "ClusterParameterGroupName": {"Ref": "Parameters"},
            "LoggingProperties": {"BucketName": {"Ref": "Logs"}, "S3KeyPrefix": "redshift/"},
        },
    },
    "Parameters": {
        "Type": "AWS::Redshift::ClusterParameterGroup",
        "Properties": {
            "ParameterGroupFamily": "redshift-1.0",
            "Description": "TLS only",
            "Parameters": [{"ParameterName": "require_ssl", "ParameterValue": "true"}],
        },
    },
    "Namespace": {
        "Type": "AWS::RedshiftServerless::Namespace",
        **RETAINED,
        "Properties": {
            "NamespaceName": "lake",
            "KmsKeyId": KEY,
            "ManageAdminPassword": True,
            "LogExports": ["userlog", "connectionlog", "useractivitylog"],
        },
    },
    "Workgroup": {
        "Type": "AWS::RedshiftServerless::Workgroup",
        "Properties": {
            "WorkgroupName": "lake",
            "NamespaceName": {"Ref": "Namespace"},
            "PubliclyAccessible": False,
            "EnhancedVpcRouting": True,
            "SubnetIds": [{"Ref": "SubnetA"}],
            "SecurityGroupIds": [{"Ref": "Group"}],
            "ConfigParameters": [{"ParameterKey": "require_ssl", "ParameterValue": "true"}],
        },
    },
}

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

EMR_SECURITY = {
    "EncryptionConfiguration": {
        "EnableInTransitEncryption": True,
        "EnableAtRestEncryption": True,
        "InTransitEncryptionConfiguration": {
            "TLSCertificateConfiguration": {"CertificateProviderType": "PEM", "S3Object": "s3://${Code}/certs.zip"}
        },
        "AtRestEncryptionConfiguration": {
            "S3EncryptionConfiguration": {"EncryptionMode": "SSE-KMS", "AwsKmsKey": "${Key.Arn}"},
            "LocalDiskEncryptionConfiguration": {"EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": "${Key.Arn}"},
        },
    }
}
EMR = {
    "Spark": {
        "Type": "AWS::EMRServerless::Application",
        "Properties": {
            "ReleaseLabel": "emr-7.9.0",
            "Type": "Spark",
            "NetworkConfiguration": {"SubnetIds": [{"Ref": "SubnetA"}], "SecurityGroupIds": [{"Ref": "Group"}]},
            "MonitoringConfiguration": {
                "S3MonitoringConfiguration": {"LogUri": {"Fn::Sub": "s3://${Logs}/emr"}, "EncryptionKeyArn": KEY}
            },
        },
    },
    "Security": {
        "Type": "AWS::EMR::SecurityConfiguration",
        "Properties": {"SecurityConfiguration": EMR_SECURITY},
    },
    "Cluster": {
        "Type": "AWS::EMR::Cluster",
        "Properties": {
            "Name": "spark",
            "ReleaseLabel": "emr-7.9.0",
            "SecurityConfiguration": {"Ref": "Security"},
            "Instances": {"Ec2SubnetId": {"Ref": "SubnetA"}},
            "LogUri": {"Fn::Sub": "s3://${Logs}/emr"},
        },
    },
}
_EMR = "Security.Properties.SecurityConfiguration.EncryptionConfiguration"
_ANYBODY = [{"Sid": "All", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "es:ESHttpGet", "Resource": "*"}]

EXAMPLES = {
    "GovML-VectorKey": Example(
        VECTORS,
        [
            _changed("Encryption", "encryption", ENCRYPTION, "AWSOwnedKey", True),
            _changed("Encryption", "encryption", ENCRYPTION, "KmsARN", REMOVED),
            {
                "P": {
                    "Type": "AWS::OpenSearchServerless::SecurityPolicy",
                    "Properties": {"Type": "encryption", "Policy": '{"Rules": [], "AWSOwnedKey": true}'},
                }
            },
            change(VECTORS, "Collection.Properties.EncryptionConfig", {"AWSOwnedKey": True}),
            change(VECTORS, f"{_OPENSEARCH}.EncryptionAtRestOptions.Enabled", False),
            change(VECTORS, f"{_OPENSEARCH}.EncryptionAtRestOptions", REMOVED),
            change(VECTORS, f"{_OPENSEARCH}.EncryptionAtRestOptions.KmsKeyId", REMOVED),
            change(VECTORS, "Bucket.Properties.EncryptionConfiguration", REMOVED),
            change(VECTORS, "Bucket.Properties.EncryptionConfiguration.SseType", "AES256"),
            change(VECTORS, "Bucket.Properties.EncryptionConfiguration.KmsKeyArn", REMOVED),
            change(VECTORS, "Index.Properties.EncryptionConfiguration", {"SseType": "AES256"}),
        ],
    ),
    "GovML-VectorNetwork": Example(
        VECTORS,
        [
            _changed("Network", "network", NETWORK, "AllowFromPublic", True),
            {
                "P": {
                    "Type": "AWS::OpenSearchServerless::SecurityPolicy",
                    "Properties": {
                        "Type": "network",
                        "Policy": {"Fn::Join": ["", ['[{"Rules":[],"AllowFromPublic":', "true", "}]"]]},
                    },
                }
            },
            change(VECTORS, f"{_OPENSEARCH}.VPCOptions", REMOVED),
            change(VECTORS, f"{_OPENSEARCH}.VPCOptions.SubnetIds", []),
            change(VECTORS, f"{_OPENSEARCH}.NodeToNodeEncryptionOptions.Enabled", "false"),
            change(VECTORS, f"{_OPENSEARCH}.DomainEndpointOptions.EnforceHTTPS", False),
            change(VECTORS, f"{_OPENSEARCH}.DomainEndpointOptions.TLSSecurityPolicy", "Policy-Min-TLS-1-0-2019-07"),
            change(VECTORS, f"{_OPENSEARCH}.DomainEndpointOptions", REMOVED),
        ],
    ),
    "GovML-VectorReaders": Example(
        VECTORS,
        [
            _changed("Readers", "data", READERS, "Principal", ["*"]),
            _changed("Readers", "data", READERS, "Principal", ["arn:aws:iam::${AWS::AccountId}:role/*"]),
            _changed("Readers", "data", READERS, "Rules.0.Permission", ["aoss:*"]),
            change(VECTORS, f"{_OPENSEARCH}.AccessPolicies.Statement", _ANYBODY),
            change(VECTORS, f"{_OPENSEARCH}.AdvancedSecurityOptions.AnonymousAuthEnabled", True),
            change(VECTORS, f"{_OPENSEARCH}.AdvancedSecurityOptions.Enabled", False),
            change(
                VECTORS,
                f"{_OPENSEARCH}.AdvancedSecurityOptions.MasterUserOptions",
                {"MasterUserName": "master", "MasterUserPassword": "Changed-1"},
            ),
        ],
    ),
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
    "GovML-EmrEncryption": Example(
        EMR,
        [
            change(EMR, "Cluster.Properties.SecurityConfiguration", REMOVED),
            change(EMR, f"{_EMR}.EnableAtRestEncryption", False),
            change(EMR, f"{_EMR}.EnableInTransitEncryption", False),
            change(
                EMR, f"{_EMR}.AtRestEncryptionConfiguration.S3EncryptionConfiguration", {"EncryptionMode": "SSE-S3"}
            ),
        ],
    ),
    "GovML-EmrNetwork": Example(
        EMR,
        [
            change(EMR, "Spark.Properties.NetworkConfiguration", REMOVED),
            change(EMR, "Spark.Properties.NetworkConfiguration.SubnetIds", []),
            change(EMR, "Spark.Properties.MonitoringConfiguration.S3MonitoringConfiguration.EncryptionKeyArn", REMOVED),
            change(EMR, "Cluster.Properties.Instances", {"Placement": {"AvailabilityZone": "x"}}),
        ],
    ),
}
