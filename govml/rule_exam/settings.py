"""Which properties protect something: their absence, or a worse value, is a defect."""

from __future__ import annotations

import re

PROTECTED = re.compile(
    r"(?:^|\.)(?:"
    r"Kms\w*|KMS\w*|\w*KmsKey\w*|\w*EncryptionConfiguration|BucketEncryption|EncryptionKey|EncryptionInTransit\w*|"
    r"ServerSideEncryption\w*|PublicAccessBlockConfiguration|VersioningConfiguration|LoggingConfiguration|OwnershipControls|"
    r"ObjectLockConfiguration|RetentionInDays|PermissionsBoundary|EnableKeyRotation|DeadLetterConfig|"
    r"ReservedConcurrentExecutions|VpcConfig|ImageScanningConfiguration|SensitiveInformationPolicyConfig|"
    r"ContentPolicyConfig|AlarmActions|BytesScannedCutoffPerQuery|ResultConfiguration|LogsConfig"
    r")$"
)
"""Paths (as `shape` writes them) of properties whose removal takes a safeguard away."""

FLIPS = {
    "True": (False,),
    "true": ("false",),
    "False": (True,),
    "false": ("true",),
    "Enabled": ("Suspended", "Disabled"),
    "ENABLED": ("DISABLED",),
    "VpcOnly": ("PublicInternetOnly",),
    "IMMUTABLE": ("MUTABLE",),
    "aws:kms": ("AES256",),
    "BucketOwnerEnforced": ("ObjectWriter",),
    "SSE_KMS": ("SSE_S3",),
    "ALL": ("ACCEPT",),
    "HIGH": ("NONE",),
    "KMS": ("AES256",),
}
"""Value -> worse values."""

WORSE = re.compile(
    r"(?:Block\w+|Ignore\w+|Restrict\w+|EnableKeyRotation|Encrypt\w*|ScanOnPush|ImageTagMutability|VersioningConfiguration\.Status|SSEAlgorithm|"
    r"AppNetworkAccessType|ObjectOwnership|EncryptionOption|EncryptionType|TrafficType|InputStrength|"
    r"EnforceWorkGroupConfiguration|MapPublicIpOnLaunch|PrivilegedMode|ActionsEnabled|PubliclyAccessible|"
    r"EnableNetworkIsolation|EnableInterContainerTrafficEncryption|PublishCloudWatchMetricsEnabled)$"
)
"""Paths at which a flip is a defect."""
