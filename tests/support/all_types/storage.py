"""Buckets and vector stores."""

from __future__ import annotations

from all_types.words import Resources, att, ref


def storage() -> Resources:
    return {
        "AccessLogs": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                },
            },
        },
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [
                        {
                            "BucketKeyEnabled": True,
                            "ServerSideEncryptionByDefault": {
                                "SSEAlgorithm": "aws:kms",
                                "KMSMasterKeyID": att("Key", "Arn"),
                            },
                        }
                    ]
                },
                "VersioningConfiguration": {"Status": "Enabled"},
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": True,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": True,
                },
                "LifecycleConfiguration": {
                    "Rules": [
                        {
                            "Id": "old",
                            "Status": "Enabled",
                            "Prefix": "raw/",
                            "ExpirationInDays": 730,
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                            "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
                            "Transitions": [{"StorageClass": "GLACIER_IR", "TransitionInDays": 180}],
                        }
                    ]
                },
                "LoggingConfiguration": {"DestinationBucketName": ref("AccessLogs"), "LogFilePrefix": "data/"},
                "ObjectLockEnabled": True,
                "ObjectLockConfiguration": {
                    "ObjectLockEnabled": "Enabled",
                    "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}},
                },
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
                "Tags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
        "BucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": ref("Bucket"),
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "TlsOnly",
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "s3:*",
                            "Resource": att("Bucket", "Arn"),
                            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                        }
                    ],
                },
            },
        },
        "VectorBucket": {
            "Type": "AWS::S3Vectors::VectorBucket",
            "Properties": {
                "VectorBucketName": "all-types-vectors",
                "EncryptionConfiguration": {"SseType": "aws:kms", "KmsKeyArn": att("Key", "Arn")},
            },
        },
        "VectorIndex": {
            "Type": "AWS::S3Vectors::Index",
            "Properties": {
                "VectorBucketArn": att("VectorBucket", "VectorBucketArn"),
                "IndexName": "documents",
                "DataType": "float32",
                "Dimension": 1024,
                "DistanceMetric": "cosine",
                "MetadataConfiguration": {"NonFilterableMetadataKeys": ["AMAZON_BEDROCK_TEXT"]},
            },
        },
    }
