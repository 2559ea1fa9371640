"""What examples of data services share."""

from __future__ import annotations

KEY = {"Fn::GetAtt": ["Key", "Arn"]}
RETAINED = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
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
