"""Studio, notebooks, MLflow, model registry, feature store, images."""

from __future__ import annotations

from example import REMOVED, Example, change

KEY = {"Fn::GetAtt": ["Key", "Arn"]}

STUDIO = {
    "Domain": {
        "Type": "AWS::SageMaker::Domain",
        "Properties": {
            "DomainName": "studio",
            "AuthMode": "SSO",
            "AppNetworkAccessType": "VpcOnly",
            "VpcId": {"Ref": "Vpc"},
            "SubnetIds": [{"Ref": "SubnetA"}, {"Ref": "SubnetB"}],
            "KmsKeyId": {"Ref": "Key"},
            "DomainSettings": {
                "ExecutionRoleIdentityConfig": "USER_PROFILE_NAME",
                "DockerSettings": {"EnableDockerAccess": "DISABLED"},
            },
            "DefaultUserSettings": {
                "ExecutionRole": {"Fn::GetAtt": ["Role", "Arn"]},
                "SecurityGroups": [{"Ref": "Group"}],
                "SharingSettings": {"NotebookOutputOption": "Disabled"},
                "JupyterLabAppSettings": {
                    "AppLifecycleManagement": {
                        "IdleSettings": {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": 60}
                    }
                },
            },
            "DefaultSpaceSettings": {
                "ExecutionRole": {"Fn::GetAtt": ["Role", "Arn"]},
                "SecurityGroups": [{"Ref": "Group"}],
            },
        },
    },
    "Profile": {
        "Type": "AWS::SageMaker::UserProfile",
        "Properties": {
            "DomainId": {"Ref": "Domain"},
            "UserProfileName": "analyst",
            "UserSettings": {"SharingSettings": {"NotebookOutputOption": "Allowed", "S3KmsKeyId": KEY}},
        },
    },
    "Space": {
        "Type": "AWS::SageMaker::Space",
        "Properties": {"DomainId": {"Ref": "Domain"}, "SpaceName": "s", "SpaceSettings": {"AppType": "JupyterLab"}},
    },
}
_DOMAIN = "Domain.Properties"

NOTEBOOK = {
    "Notebook": {
        "Type": "AWS::SageMaker::NotebookInstance",
        "Properties": {
            "InstanceType": "ml.t3.medium",
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "DirectInternetAccess": "Disabled",
            "RootAccess": "Disabled",
            "SubnetId": {"Ref": "SubnetA"},
            "SecurityGroupIds": [{"Ref": "Group"}],
            "KmsKeyId": {"Ref": "Key"},
            "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"},
            "PlatformIdentifier": "notebook-al2-v3",
        },
    }
}
_NOTEBOOK = "Notebook.Properties"

TRACKING = {
    "Server": {
        "Type": "AWS::SageMaker::MlflowTrackingServer",
        "Properties": {
            "TrackingServerName": "tracking",
            "ArtifactStoreUri": {"Fn::Sub": "s3://${Artefacts}/mlflow"},
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "AutomaticModelRegistration": False,
        },
    },
    "App": {
        "Type": "AWS::SageMaker::MlflowApp",
        "Properties": {
            "Name": "tracking",
            "ArtifactStoreUri": {"Fn::Join": ["", ["s3://", {"Ref": "Artefacts"}, "/mlflow"]]},
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "ModelRegistrationMode": "AutoModelRegistrationDisabled",
        },
    },
}


def _policy(action: object, resource: object) -> dict:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}}


_SAGEMAKER = "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}"
_PACKAGES = {"Fn::Sub": f"{_SAGEMAKER}:model-package/resale-price/*"}
JOBS = change(
    _policy("sagemaker:CreateTrainingJob", {"Fn::Sub": f"{_SAGEMAKER}:training-job/*"}),
    "Policy.Properties.PolicyDocument.Statement.0.Condition",
    {
        "Bool": {"sagemaker:NetworkIsolation": "true", "sagemaker:InterContainerTrafficEncryption": "true"},
        "Null": {"sagemaker:VpcSubnets": "false", "sagemaker:VolumeKmsKey": "false"},
    },
)
_JOBS = "Policy.Properties.PolicyDocument.Statement.0.Condition"
GROUP = {
    "Models": {
        "Type": "AWS::SageMaker::ModelPackageGroup",
        "Properties": {
            "ModelPackageGroupName": "resale-price",
            "ModelPackageGroupPolicy": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "Read",
                        "Effect": "Allow",
                        "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/deploy"}},
                        "Action": ["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"],
                        "Resource": {"Fn::Sub": f"{_SAGEMAKER}:model-package/resale-price/*"},
                    }
                ],
            },
        },
    }
}
_READ = "Models.Properties.ModelPackageGroupPolicy.Statement.0"

FEATURES = {
    "Features": {
        "Type": "AWS::SageMaker::FeatureGroup",
        "Properties": {
            "FeatureGroupName": "flats",
            "RecordIdentifierFeatureName": "id",
            "EventTimeFeatureName": "at",
            "FeatureDefinitions": [{"FeatureName": "id", "FeatureType": "String"}],
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "OnlineStoreConfig": {"EnableOnlineStore": True, "SecurityConfig": {"KmsKeyId": KEY}},
            "OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": {"Fn::Sub": "s3://${Lake}/features"}, "KmsKeyId": KEY}},
        },
    }
}
_ONLINE, _OFFLINE = "Features.Properties.OnlineStoreConfig", "Features.Properties.OfflineStoreConfig"

IMAGES = {
    "Images": {
        "Type": "AWS::ECR::Repository",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "RepositoryName": "models",
            "ImageScanningConfiguration": {"ScanOnPush": True},
            "ImageTagMutability": "IMMUTABLE",
            "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": KEY},
        },
    }
}
_IMAGES = "Images.Properties"

EXAMPLES = {
    "GovML-StudioVpcOnly": Example(
        STUDIO,
        [
            change(STUDIO, f"{_DOMAIN}.AppNetworkAccessType", "PublicInternetOnly"),
            change(STUDIO, f"{_DOMAIN}.AppNetworkAccessType", REMOVED),
            change(STUDIO, f"{_DOMAIN}.AppNetworkAccessType", {"Fn::If": ["Private", "VpcOnly", "PublicInternetOnly"]}),
            change(STUDIO, f"{_DOMAIN}.SubnetIds", []),
            change(
                change(STUDIO, f"{_DOMAIN}.DefaultUserSettings.SecurityGroups", REMOVED),
                f"{_DOMAIN}.DefaultSpaceSettings",
                REMOVED,
            ),
        ],
    ),
    "GovML-StudioKey": Example(
        STUDIO,
        [
            change(STUDIO, f"{_DOMAIN}.KmsKeyId", REMOVED),
            change(STUDIO, f"{_DOMAIN}.KmsKeyId", "alias/aws/elasticfilesystem"),
        ],
    ),
    "GovML-StudioSharing": Example(
        STUDIO,
        [
            change(STUDIO, f"{_DOMAIN}.DefaultUserSettings.SharingSettings", {"NotebookOutputOption": "Allowed"}),
            change(STUDIO, "Profile.Properties.UserSettings.SharingSettings.S3KmsKeyId", REMOVED),
        ],
    ),
    "GovML-StudioAccess": Example(
        STUDIO,
        [
            change(STUDIO, f"{_DOMAIN}.DomainSettings.ExecutionRoleIdentityConfig", "DISABLED"),
            change(STUDIO, f"{_DOMAIN}.DomainSettings.DockerSettings.EnableDockerAccess", "ENABLED"),
            change(STUDIO, "Space.Properties.SpaceSettings.RemoteAccess", "ENABLED"),
            change(
                STUDIO, f"{_DOMAIN}.DefaultUserSettings.RStudioServerProAppSettings", {"UserGroup": "R_STUDIO_ADMIN"}
            ),
            change(
                STUDIO,
                f"{_DOMAIN}.DefaultUserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.LifecycleManagement",
                "DISABLED",
            ),
        ],
    ),
    "GovML-NotebookInstance": Example(
        NOTEBOOK,
        [
            *(
                change(NOTEBOOK, f"{_NOTEBOOK}.{name}", value)
                for name in ("DirectInternetAccess", "RootAccess")
                for value in ("Enabled", REMOVED, {"Fn::If": ["C", "Disabled", "Enabled"]})
            ),
            change(NOTEBOOK, f"{_NOTEBOOK}.KmsKeyId", REMOVED),
            change(NOTEBOOK, f"{_NOTEBOOK}.SubnetId", REMOVED),
            change(NOTEBOOK, f"{_NOTEBOOK}.SecurityGroupIds", []),
            *(
                change(
                    NOTEBOOK,
                    f"{_NOTEBOOK}.InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion",
                    value,
                )
                for value in ("1", 1)
            ),
            change(NOTEBOOK, f"{_NOTEBOOK}.PlatformIdentifier", "notebook-al1-v1"),
        ],
    ),
    "GovML-TrackingRegistration": Example(
        TRACKING,
        [
            change(TRACKING, "Server.Properties.AutomaticModelRegistration", True),
            change(TRACKING, "Server.Properties.AutomaticModelRegistration", "true"),
            change(TRACKING, "App.Properties.ModelRegistrationMode", "AutoModelRegistrationEnabled"),
            change(TRACKING, "Server.Properties.ArtifactStoreUri", "https://files.example.com/mlflow"),
        ],
    ),
    "GovML-TrackingAccess": Example(
        _policy(["sagemaker-mlflow:GetRun", "sagemaker-mlflow:SearchRuns"], {"Fn::GetAtt": ["App", "Arn"]}),
        [
            _policy("sagemaker-mlflow:*", "*"),
            _policy(["sagemaker-mlflow:AccessUI", "sagemaker-mlflow:GetRun"], ["*"]),
            _policy("sagemaker:CreatePresignedMlflowTrackingServerUrl", "*"),
        ],
    ),
    "GovML-ModelRegistryPolicy": Example(
        GROUP,
        [
            change(GROUP, f"{_READ}.Principal", "*"),
            change(GROUP, f"{_READ}.Principal", {"AWS": "*"}),
            change(GROUP, f"{_READ}.Principal", {"AWS": ["arn:aws:iam::210987654321:root"]}),
            change(GROUP, f"{_READ}.Principal", {"AWS": "210987654321"}),
            change(GROUP, f"{_READ}.Action", "sagemaker:*"),
            change(GROUP, f"{_READ}.Action", ["*"]),
            change(change(GROUP, f"{_READ}.Principal", REMOVED), f"{_READ}.NotPrincipal", {"AWS": "210987654321"}),
        ],
    ),
    "GovML-JobConditions": Example(
        JOBS,
        [
            change(JOBS, f"{_JOBS}.Bool.sagemaker:NetworkIsolation", "false"),
            change(JOBS, f"{_JOBS}.Bool.sagemaker:InterContainerTrafficEncryption", False),
            change(JOBS, f"{_JOBS}.Null", {"sagemaker:VpcSubnets": "true"}),
            change(JOBS, f"{_JOBS}.StringLike", {"sagemaker:VolumeKmsKey": "*"}),
            change(JOBS, f"{_JOBS}.StringEquals", {"sagemaker:RootAccess": "Enabled"}),
        ],
    ),
    "GovML-ApprovalDuty": Example(
        {**_policy(["sagemaker:CreateModelPackage", "sagemaker:DescribeModelPackage"], _PACKAGES)}
        | {"Approve": _policy(["sagemaker:UpdateModelPackage"], _PACKAGES)["Policy"]},
        [
            _policy(["sagemaker:CreateModelPackage", "sagemaker:UpdateModelPackage"], _PACKAGES),
            _policy(["sagemaker:CreateTrainingJob", "sagemaker:Update*"], _PACKAGES),
            _policy("sagemaker:*", _PACKAGES),
        ],
    ),
    "GovML-FeatureStoreKey": Example(
        FEATURES,
        [
            change(FEATURES, f"{_ONLINE}.SecurityConfig", REMOVED),
            change(FEATURES, f"{_ONLINE}.SecurityConfig.KmsKeyId", "alias/aws/dynamodb"),
            change(FEATURES, f"{_OFFLINE}.S3StorageConfig.KmsKeyId", REMOVED),
            change(FEATURES, f"{_OFFLINE}.S3StorageConfig.KmsKeyId", {"Fn::If": ["C", KEY, {"Ref": "AWS::NoValue"}]}),
        ],
    ),
    "GovML-ImageRepository": Example(
        IMAGES,
        [
            change(IMAGES, f"{_IMAGES}.ImageScanningConfiguration", REMOVED),
            change(IMAGES, f"{_IMAGES}.ImageScanningConfiguration.ScanOnPush", False),
            change(IMAGES, f"{_IMAGES}.ImageTagMutability", "MUTABLE"),
            change(IMAGES, f"{_IMAGES}.ImageTagMutability", REMOVED),
            change(IMAGES, f"{_IMAGES}.EncryptionConfiguration", REMOVED),
            change(IMAGES, f"{_IMAGES}.EncryptionConfiguration", {"EncryptionType": "AES256"}),
            change(IMAGES, f"{_IMAGES}.EncryptionConfiguration.KmsKey", "alias/aws/ecr"),
            change(IMAGES, f"{_IMAGES}.EncryptionConfiguration.KmsKey", REMOVED),
        ],
    ),
}
