"""Rule ids of the two cdk-nag packs that judge our stacks, so that an acknowledgement of an unknown rule is refused.

cdk-nag does not offer this list at run time; a test compares it with the installed package, so that no upgrade goes
unnoticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_AWS_SOLUTIONS = """
    AEC1 AEC3 AEC4 AEC5 AEC6 APIG1 APIG2 APIG3 APIG4 APIG6 AS1 AS2 AS3 ASC3 C91 CB4 CB5 CFR1 CFR2 CFR3 CFR4 CFR5
    CFR6 CFR7 COG1 COG2 COG4 COG7 COG8 DDB3 DDB4 DOC1 DOC2 DOC3 DOC4 DOC5 EB1 EB3 EB4 EC23 EC26 EC27 EC28 EC29
    ECR1 ECS2 ECS4 ECS7 EFS1 EKS1 EKS2 ELB1 ELB2 ELB3 ELB4 ELB5 EMR2 EMR4 EMR5 EMR6 EVB1 GL1 GL3 IAM4 IAM5 KDA3
    KDF1 KDS1 KDS3 KMS5 L1 LEX4 MS1 MS10 MS3 MS4 MS7 MS8 MSK2 MSK3 MSK6 N1 N2 N3 N4 N5 OS1 OS2 OS3 OS4 OS5 OS7 OS8
    OS9 QS1 RDS10 RDS11 RDS13 RDS14 RDS16 RDS2 RDS3 RDS6 RDS8 RS1 RS10 RS11 RS2 RS3 RS4 RS5 RS6 RS8 RS9 S1 S10 S2
    S5 SF1 SF2 SM1 SM2 SM3 SMG4 SNS3 SQS2 SQS3 SQS4 TS3 VPC3 VPC7
"""

_NIST_800_53_R5 = """
    ALBHttpToHttpsRedirection ALBWAFEnabled APIGWAssociatedWithWAF APIGWCacheEnabledAndEncrypted
    APIGWExecutionLoggingEnabled APIGWSSLEnabled AutoScalingGroupELBHealthCheckRequired
    AutoScalingLaunchConfigPublicIpDisabled CloudTrailCloudWatchLogsEnabled CloudTrailEncryptionEnabled
    CloudTrailLogFileValidationEnabled CloudWatchAlarmAction CloudWatchLogGroupEncrypted
    CloudWatchLogGroupRetentionPeriod DMSReplicationNotPublic DynamoDBAutoScalingEnabled DynamoDBInBackupPlan
    DynamoDBPITREnabled EC2EBSInBackupPlan EC2EBSOptimizedInstance EC2IMDSv2Enabled EC2InstanceNoPublicIp
    EC2InstanceProfileAttached EC2InstancesInVPC EC2RestrictedCommonPorts EC2RestrictedSSH
    ECSTaskDefinitionUserForHostMode EFSEncrypted EFSInBackupPlan ELBACMCertificateRequired
    ELBCrossZoneLoadBalancingEnabled ELBDeletionProtectionEnabled ELBLoggingEnabled ELBTlsHttpsListenersOnly
    ELBv2ACMCertificateRequired ElastiCacheRedisClusterAutomaticBackup
    ElasticBeanstalkEnhancedHealthReportingEnabled ElasticBeanstalkManagedUpdatesEnabled IAMNoInlinePolicy
    IAMPolicyNoStatementsWithAdminAccess IAMPolicyNoStatementsWithFullAccess IAMUserGroupMembership
    IAMUserNoPolicies KMSBackingKeyRotationEnabled LambdaConcurrency LambdaDLQ
    LambdaFunctionPublicAccessProhibited LambdaInsideVPC OpenSearchEncryptedAtRest OpenSearchErrorLogsToCloudWatch
    OpenSearchInVPCOnly OpenSearchNodeToNodeEncryption RDSEnhancedMonitoringEnabled RDSInBackupPlan
    RDSInstanceBackupEnabled RDSInstanceDeletionProtectionEnabled RDSInstancePublicAccess RDSLoggingEnabled
    RDSMultiAZSupport RDSStorageEncrypted RedshiftBackupEnabled RedshiftClusterConfiguration
    RedshiftClusterMaintenanceSettings RedshiftClusterPublicAccess RedshiftEnhancedVPCRoutingEnabled
    RedshiftRequireTlsSSL S3BucketLevelPublicAccessProhibited S3BucketLoggingEnabled S3BucketPublicReadProhibited
    S3BucketPublicWriteProhibited S3BucketReplicationEnabled S3BucketSSLRequestsOnly S3BucketVersioningEnabled
    S3DefaultEncryptionKMS SNSEncryptedKMS SageMakerEndpointConfigurationKMSKeyConfigured
    SageMakerNotebookInstanceKMSKeyConfigured SageMakerNotebookNoDirectInternetAccess
    SecretsManagerRotationEnabled SecretsManagerUsingKMSKey VPCDefaultSecurityGroupClosed VPCFlowLogsEnabled
    VPCNoUnrestrictedRouteToIGW VPCSubnetAutoAssignPublicIpDisabled WAFv2LoggingEnabled
"""

RULES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "AwsSolutions": frozenset(f"AwsSolutions-{name}" for name in _AWS_SOLUTIONS.split()),
        "NIST.800.53.R5": frozenset(f"NIST.800.53.R5-{name}" for name in _NIST_800_53_R5.split()),
    }
)
"""Pack name -> full ids of its rules."""
