"""Vector stores: OpenSearch, OpenSearch Serverless, S3 Vectors."""

from __future__ import annotations

import json

from example import REMOVED, Example, change
from service_pieces import KEY, RETAINED


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
}
