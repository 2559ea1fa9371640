"""EMR, with and without servers."""

from __future__ import annotations

from example import REMOVED, Example, change
from service_pieces import KEY

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

EXAMPLES = {
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
