"""How the resources that MiniStack provisions itself are read back, as data: the audit of its own provisioners."""

from __future__ import annotations

from govml.local.emulator.cloudformation.spec import Read


def _bucket(operation: str, *absent: str) -> Read:
    return Read("s3", operation, {"Bucket": "id"}, absent)


def _ec2(operation: str, parameter: str, tags: bool = True) -> tuple[Read, ...]:
    own = Read("ec2", operation, {parameter: "[id]"})
    filters = "[{Name: 'resource-id', Values: [id]}]"
    return (own, Read("ec2", "describe_tags", {"Filters": filters})) if tags else (own,)


NATIVE_READS: dict[str, tuple[Read, ...]] = {
    "AWS::EC2::VPC": (
        *_ec2("describe_vpcs", "VpcIds"),
        Read("ec2", "describe_vpc_attribute", {"VpcId": "id", "Attribute": "'enableDnsSupport'"}),
        Read("ec2", "describe_vpc_attribute", {"VpcId": "id", "Attribute": "'enableDnsHostnames'"}),
    ),
    "AWS::EC2::Subnet": _ec2("describe_subnets", "SubnetIds"),
    "AWS::EC2::RouteTable": _ec2("describe_route_tables", "RouteTableIds"),
    "AWS::EC2::Route": (Read("ec2", "describe_route_tables", {"RouteTableIds": "[properties.RouteTableId]"}),),
    "AWS::EC2::SubnetRouteTableAssociation": (
        Read("ec2", "describe_route_tables", {"RouteTableIds": "[properties.RouteTableId]"}),
    ),
    "AWS::EC2::SecurityGroup": _ec2("describe_security_groups", "GroupIds"),
    "AWS::EC2::VPCEndpoint": _ec2("describe_vpc_endpoints", "VpcEndpointIds"),
    "AWS::Logs::LogGroup": (
        Read("logs", "describe_log_groups", {"logGroupNamePrefix": "id"}),
        Read("logs", "list_tags_log_group", {"logGroupName": "id"}),
    ),
    "AWS::Logs::ResourcePolicy": (Read("logs", "describe_resource_policies", {}),),
    "AWS::Logs::MetricFilter": (Read("logs", "describe_metric_filters", {"logGroupName": "properties.LogGroupName"}),),
    "AWS::Logs::SubscriptionFilter": (
        Read("logs", "describe_subscription_filters", {"logGroupName": "properties.LogGroupName"}),
    ),
    "AWS::IAM::Role": (
        Read("iam", "get_role", {"RoleName": "id"}),
        Read("iam", "list_attached_role_policies", {"RoleName": "id"}),
        Read("iam", "get_role_policy", {"RoleName": "id", "PolicyName": "item.PolicyName"}, each="properties.Policies"),
    ),
    "AWS::IAM::ManagedPolicy": (
        Read("iam", "get_policy", {"PolicyArn": "id"}),
        Read("iam", "get_policy_version", {"PolicyArn": "id", "VersionId": "attributes.DefaultVersionId"}),
        Read("iam", "list_entities_for_policy", {"PolicyArn": "id"}),
    ),
    "AWS::IAM::Policy": (
        Read(
            "iam",
            "get_role_policy",
            {"RoleName": "item", "PolicyName": "properties.PolicyName"},
            each="properties.Roles",
        ),
    ),
    "AWS::KMS::Key": (
        Read("kms", "describe_key", {"KeyId": "id"}),
        Read("kms", "get_key_policy", {"KeyId": "id", "PolicyName": "'default'"}),
        Read("kms", "get_key_rotation_status", {"KeyId": "id"}),
        Read("kms", "list_resource_tags", {"KeyId": "id"}),
    ),
    "AWS::KMS::Alias": (Read("kms", "describe_key", {"KeyId": "id"}),),
    "AWS::S3::Bucket": (
        _bucket("get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError"),
        _bucket("get_bucket_versioning"),
        _bucket("get_public_access_block", "NoSuchPublicAccessBlockConfiguration"),
        _bucket("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
        _bucket("get_bucket_logging"),
        _bucket("get_object_lock_configuration", "ObjectLockConfigurationNotFoundError"),
        _bucket("get_bucket_ownership_controls", "OwnershipControlsNotFoundError"),
        _bucket("get_bucket_notification_configuration"),
        _bucket("get_bucket_tagging", "NoSuchTagSet"),
        _bucket("get_bucket_cors", "NoSuchCORSConfiguration"),
    ),
    "AWS::S3::BucketPolicy": (Read("s3", "get_bucket_policy", {"Bucket": "properties.Bucket"}),),
    "AWS::Glue::Database": (Read("glue", "get_database", {"Name": "id"}),),
    "AWS::Glue::Table": (Read("glue", "get_table", {"DatabaseName": "properties.DatabaseName", "Name": "id"}),),
    "AWS::Athena::WorkGroup": (
        Read("athena", "get_work_group", {"WorkGroup": "id"}),
        Read(
            "athena",
            "list_tags_for_resource",
            {"ResourceARN": "join('', ['arn:aws:athena:', region, ':', account, ':workgroup/', id])"},
        ),
    ),
    "AWS::ECR::Repository": (
        Read("ecr", "describe_repositories", {"repositoryNames": "[id]"}),
        Read("ecr", "get_lifecycle_policy", {"repositoryName": "id"}, ("LifecyclePolicyNotFoundException",)),
        Read("ecr", "get_repository_policy", {"repositoryName": "id"}, ("RepositoryPolicyNotFoundException",)),
        Read("ecr", "list_tags_for_resource", {"resourceArn": "attributes.Arn"}),
    ),
    "AWS::Events::Rule": (
        Read("events", "describe_rule", {"Name": "id", "EventBusName": "properties.EventBusName"}),
        Read("events", "list_targets_by_rule", {"Rule": "id", "EventBusName": "properties.EventBusName"}),
        Read("events", "list_tags_for_resource", {"ResourceARN": "attributes.Arn"}),
    ),
    "AWS::Scheduler::Schedule": (
        Read("scheduler", "get_schedule", {"Name": "id", "GroupName": "properties.GroupName"}),
    ),
    "AWS::Scheduler::ScheduleGroup": (
        Read("scheduler", "get_schedule_group", {"Name": "id"}),
        Read("scheduler", "list_tags_for_resource", {"ResourceArn": "attributes.Arn"}),
    ),
    "AWS::SNS::Topic": (
        Read("sns", "get_topic_attributes", {"TopicArn": "id"}),
        Read("sns", "list_subscriptions_by_topic", {"TopicArn": "id"}),
        Read("sns", "list_tags_for_resource", {"ResourceArn": "id"}),
    ),
    "AWS::SNS::TopicPolicy": (Read("sns", "get_topic_attributes", {"TopicArn": "item"}, each="properties.Topics"),),
    "AWS::SNS::Subscription": (
        Read("sns", "get_subscription_attributes", {"SubscriptionArn": "id"}),
        Read("sns", "list_subscriptions_by_topic", {"TopicArn": "properties.TopicArn"}),
    ),
    "AWS::SQS::Queue": (
        Read("sqs", "get_queue_attributes", {"QueueUrl": "id", "AttributeNames": "['All']"}),
        Read("sqs", "list_queue_tags", {"QueueUrl": "id"}),
    ),
    "AWS::SQS::QueuePolicy": (
        Read(
            "sqs", "get_queue_attributes", {"QueueUrl": "item", "AttributeNames": "['All']"}, each="properties.Queues"
        ),
    ),
    "AWS::CloudWatch::Alarm": (
        Read("cloudwatch", "describe_alarms", {"AlarmNames": "[id]"}),
        Read("cloudwatch", "list_tags_for_resource", {"ResourceARN": "attributes.Arn"}),
    ),
    "AWS::CloudWatch::Dashboard": (Read("cloudwatch", "get_dashboard", {"DashboardName": "id"}),),
    "AWS::Lambda::Function": (
        Read("lambda", "get_function", {"FunctionName": "id"}),
        Read("lambda", "get_function_concurrency", {"FunctionName": "id"}),
    ),
    "AWS::Lambda::Permission": (Read("lambda", "get_policy", {"FunctionName": "properties.FunctionName"}),),
    "AWS::Lambda::EventSourceMapping": (Read("lambda", "get_event_source_mapping", {"UUID": "id"}),),
    "AWS::CodeBuild::Project": (Read("codebuild", "batch_get_projects", {"names": "[id]"}),),
    "AWS::SSM::Parameter": (
        Read("ssm", "get_parameter", {"Name": "id"}),
        Read("ssm", "describe_parameters", {"ParameterFilters": "[{Key: 'Name', Values: [id]}]"}),
        Read("ssm", "list_tags_for_resource", {"ResourceType": "'Parameter'", "ResourceId": "id"}),
    ),
    "AWS::SecretsManager::Secret": (
        Read("secretsmanager", "describe_secret", {"SecretId": "id"}),
        Read("secretsmanager", "get_resource_policy", {"SecretId": "id"}),
    ),
    "AWS::StepFunctions::StateMachine": (
        Read("stepfunctions", "describe_state_machine", {"stateMachineArn": "id"}),
        Read("stepfunctions", "list_tags_for_resource", {"resourceArn": "id"}),
    ),
}

# Template property -> the names under which the API answers it.
RENAMED: dict[str, dict[str, tuple[str, ...]]] = {
    "AWS::EC2::SecurityGroup": {"GroupDescription": ("Description",)},
    "AWS::EC2::VPC": {"EnableDnsSupport": ("Value",), "EnableDnsHostnames": ("Value",)},
    "AWS::EC2::VPCEndpoint": {"SecurityGroupIds": ("GroupId",)},
    "AWS::IAM::ManagedPolicy": {"ManagedPolicyName": ("PolicyName",), "Roles": ("RoleName",)},
    "AWS::IAM::Policy": {"Roles": ("RoleName",)},
    "AWS::IAM::Role": {"ManagedPolicyArns": ("PolicyArn",), "PermissionsBoundary": ("PermissionsBoundaryArn",)},
    "AWS::KMS::Alias": {"TargetKeyId": ("KeyId", "Arn")},
    "AWS::KMS::Key": {"EnableKeyRotation": ("KeyRotationEnabled",)},
    "AWS::Lambda::EventSourceMapping": {"FunctionName": ("FunctionArn",)},
    "AWS::Lambda::Permission": {
        "FunctionName": ("Resource",),
        "Principal": ("Service", "AWS"),
        "SourceArn": ("AWS:SourceArn",),
        "SourceAccount": ("AWS:SourceAccount",),
    },
    "AWS::S3::Bucket": {
        "ExpirationInDays": ("Days",),
        "TransitionInDays": ("Days", "NoncurrentDays"),
        "NoncurrentVersionExpirationInDays": ("NoncurrentDays",),
        "DestinationBucketName": ("TargetBucket",),
        "LogFilePrefix": ("TargetPrefix",),
        "EventBridgeEnabled": ("EventBridgeConfiguration",),
    },
    "AWS::SNS::Topic": {"TopicName": ("TopicArn",)},
    "AWS::StepFunctions::StateMachine": {"StateMachineName": ("Name",)},
}

# Property paths that no API returns, beyond those that AWS's schema marks as write-only.
UNREADABLE: dict[str, tuple[str, ...]] = {
    "AWS::KMS::Key": ("PendingWindowInDays",),
    "AWS::Lambda::Function": ("Code",),
    "AWS::ECR::Repository": ("EmptyOnDelete",),
    "AWS::SecretsManager::Secret": ("GenerateSecretString", "SecretString"),
    # What the read-back is asked for by: that it answers shows it.
    "AWS::S3::Bucket": ("BucketName",),
    "AWS::S3::BucketPolicy": ("Bucket",),
    "AWS::KMS::Alias": ("AliasName",),
    "AWS::SQS::QueuePolicy": ("Queues",),
    "AWS::SNS::TopicPolicy": ("Topics",),
}
