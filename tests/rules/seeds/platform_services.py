"""Defects of networks, storage, keys, logs, messages, functions, builds, and what a landing zone refuses."""

from __future__ import annotations

from seeding import REMOVED, add, put, seed

seed("igw", add("Igw", "AWS::EC2::InternetGateway", {}))
seed("nat", add("Nat", "AWS::EC2::NatGateway", {"SubnetId": {"Ref": "Subnet0"}}))
seed("public subnet", put("Subnet0", "MapPublicIpOnLaunch", True))
seed("sg in", put("Sg", "SecurityGroupIngress.0.CidrIp", "0.0.0.0/0"))
seed(
    "sg in6",
    put("Sg", "SecurityGroupIngress", [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv6": "::/0"}]),
)
seed("sg out", put("Sg", "SecurityGroupEgress.0.CidrIp", "0.0.0.0/0"))
seed("ep policy gone", put("S3Ep", "PolicyDocument", REMOVED))
seed("ep policy open", put("S3Ep", "PolicyDocument.Statement.0.Condition", REMOVED))
seed("flow gone", lambda d: d["Resources"].pop("Flow"))
seed("flow accept", put("Flow", "TrafficType", "ACCEPT"))
seed("log ret", put("Logs", "RetentionInDays", 30))
seed("log ret gone", put("Logs", "RetentionInDays", REMOVED))
seed("log kms", put("Logs", "KmsKeyId", REMOVED))
seed("bucket tls", lambda d: d["Resources"].pop("DataBucketPol"))
seed("bucket ver", put("Data", "VersioningConfiguration", REMOVED))
seed("bucket kms", put("Data", "BucketEncryption", REMOVED))
seed(
    "bucket aes",
    put(
        "Data",
        "BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault",
        {"SSEAlgorithm": "AES256"},
    ),
)
seed("bucket log", put("Data", "LoggingConfiguration", REMOVED))
seed("bucket pab", put("Data", "PublicAccessBlockConfiguration.BlockPublicPolicy", False))
seed("bucket acl", put("Data", "AccessControl", "PublicRead"))
seed("bucket retain", lambda d: d["Resources"]["Data"].update(DeletionPolicy="Delete"))
seed("bucket retain gone", lambda d: d["Resources"]["Data"].pop("DeletionPolicy"))
seed(
    "bucket public",
    put(
        "DataBucketPol",
        "PolicyDocument.Statement",
        [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "x"}],
    ),
)
seed("kms rot", put("Key", "EnableKeyRotation", False))
seed("kms pub", put("Key", "KeyPolicy.Statement.0.Principal", "*"))
seed("kms other", put("Key", "KeyPolicy.Statement.0.Principal", {"AWS": "arn:aws:iam::999988887777:root"}))
seed("sqs kms", put("Queue", "KmsMasterKeyId", REMOVED))
seed(
    "sqs sse off",
    lambda d: (
        d["Resources"]["Queue"]["Properties"].pop("KmsMasterKeyId"),
        d["Resources"]["Queue"]["Properties"].update(SqsManagedSseEnabled=False),
    ),
)
seed("sns kms", put("Topic", "KmsMasterKeyId", REMOVED))
seed("sqs tls", lambda d: d["Resources"].pop("QueuePolicy"))
seed("sns tls", put("TopicPolicy", "PolicyDocument.Statement.0", REMOVED))
seed("kinesis", add("Stream", "AWS::Kinesis::Stream", {"ShardCount": 1}))
seed("firehose", add("Fh", "AWS::KinesisFirehose::DeliveryStream", {"DeliveryStreamType": "DirectPut"}))
seed("fn conc", put("Fn", "ReservedConcurrentExecutions", REMOVED))
seed("fn dlq", put("Fn", "DeadLetterConfig", REMOVED))
seed("fn rt", put("Fn", "Runtime", "python3.8"))
seed("fn vpc", put("Fn", "VpcConfig", REMOVED))
seed("fn url", add("Url", "AWS::Lambda::Url", {"AuthType": "NONE", "TargetFunctionArn": {"Ref": "Fn"}}))
seed("fn perm *", put("Perm", "Principal", "*"))
seed("fn perm nosrc", put("Perm", "SourceArn", REMOVED))
seed("fn secret", put("Fn", "Environment.Variables.DB_PASSWORD", "hunter2hunter2"))
seed("fn key", put("Fn", "Environment.Variables.X", "AKIAIOSFODNN7EXAMPLQ"))
seed("fn kms", put("Fn", "KmsKeyArn", REMOVED))
seed("cb priv", put("Build", "Environment.PrivilegedMode", True))
seed(
    "cb secret",
    put(
        "Build",
        "Environment.EnvironmentVariables",
        [{"Name": "API_TOKEN", "Value": "abc123def456", "Type": "PLAINTEXT"}],
    ),
)
seed("cb key", put("Build", "EncryptionKey", REMOVED))
seed("pipe key", put("Pipe", "ArtifactStore.EncryptionKey", REMOVED))
seed(
    "param secret",
    lambda d: d.setdefault("Parameters", {}).update(DbPassword={"Type": "String", "Default": "hunter2xx"}),
)
seed("ssm secret", add("Ssm", "AWS::SSM::Parameter", {"Type": "String", "Name": "/db/password", "Value": "hunter2xx"}))
seed("region", put("Config", "DataCaptureConfig.DestinationS3Uri", "s3://bucket-us-east-1/x"))
seed("region arn", put("Rule", "Targets.0.Arn", "arn:aws:lambda:us-east-1:123456789012:function:x"))
seed(
    "replica region",
    add(
        "GT",
        "AWS::DynamoDB::GlobalTable",
        {"Replicas": [{"Region": "us-east-1"}], "KeySchema": [], "AttributeDefinitions": []},
        DeletionPolicy="Retain",
    ),
)
seed("tag gcc", put("Data", "Tags", [{"Key": "gcc:x", "Value": "y"}]))
seed("trail", add("Trail", "AWS::CloudTrail::Trail", {"IsLogging": True, "S3BucketName": "x"}))
seed("detector", add("Gd", "AWS::GuardDuty::Detector", {"Enable": True}))
seed("ecr mut", put("Repo", "ImageTagMutability", "MUTABLE"))
seed("ecr scan", put("Repo", "ImageScanningConfiguration.ScanOnPush", False))
seed("ecr enc", put("Repo", "EncryptionConfiguration", REMOVED))
seed("rs pub", put("Wgs", "PubliclyAccessible", True))
seed("rs kms", put("Ns", "KmsKeyId", REMOVED))
seed("rs evr", put("Wgs", "EnhancedVpcRouting", False))
seed("rs pw", put("Ns", "AdminUserPassword", "Passw0rd1"))
seed("rs log", put("Ns", "LogExports", REMOVED))
seed("ddb pitr", put("Table", "PointInTimeRecoverySpecification", REMOVED))
seed("ddb kms", put("Table", "SSESpecification", REMOVED))
seed("secret kms", put("Secret", "KmsKeyId", REMOVED))
seed(
    "oidc",
    add(
        "Oidc",
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": {
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {
                            "Federated": {
                                "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/gitlab"
                            }
                        },
                        "Action": "sts:AssumeRoleWithWebIdentity",
                        "Condition": {"StringEquals": {"gitlab:aud": "x"}},
                    }
                ]
            }
        },
    ),
)
seed("alarm off", put("Alarm", "ActionsEnabled", False))
seed("alarm noact", put("Alarm", "AlarmActions", REMOVED))
seed("user", add("U", "AWS::IAM::User", {}))
seed("data store", add("Eds", "AWS::CloudTrail::EventDataStore", {}))
seed("guests", add("Guests", "AWS::Cognito::IdentityPool", {"AllowUnauthenticatedIdentities": True}))
seed("sign-up", add("People", "AWS::Cognito::UserPool", {"MfaConfiguration": "ON"}))
seed(
    "site",
    add(
        "Site",
        "AWS::CloudFront::Distribution",
        {"DistributionConfig": {"DefaultCacheBehavior": {"ViewerProtocolPolicy": "allow-all"}}},
    ),
)
seed("crawler", add("Pages", "AWS::Bedrock::DataSource", {"DataSourceConfiguration": {"Type": "WEB"}}))
