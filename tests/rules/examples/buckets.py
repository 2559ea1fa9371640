"""Examples of the rules on buckets and on access to them."""

from __future__ import annotations

from example import REMOVED, Example, change
from pieces import ACCOUNT, BUCKET, BUCKET_ARN, KEY, OBJECTS_ARN, policy, resource, tls_of

_SET = "Bucket.Properties."
_DEFAULT = f"{_SET}BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault"
_LOG_TARGET = {
    **change(BUCKET, f"{_SET}LoggingConfiguration.DestinationBucketName", {"Ref": "Logs"}),
    "Logs": change(
        change(BUCKET, _DEFAULT, {"SSEAlgorithm": "AES256"})["Bucket"], "Properties.LoggingConfiguration", REMOVED
    ),
    "LogsPolicy": resource(
        "AWS::S3::BucketPolicy",
        {
            "Bucket": {"Ref": "Logs"},
            "PolicyDocument": policy(
                tls_of({"Fn::GetAtt": "Logs.Arn"}, {"Fn::Join": ["", [{"Fn::GetAtt": "Logs.Arn"}, "/*"]]})
            ),
        },
    ),
}
_STATEMENT = "Policy.Properties.PolicyDocument.Statement"
_LOCKED = change(
    change(BUCKET, f"{_SET}ObjectLockEnabled", True),
    f"{_SET}ObjectLockConfiguration",
    {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}}},
)
_RETENTION = f"{_SET}ObjectLockConfiguration.Rule.DefaultRetention"
_REPLICATED = change(
    BUCKET,
    f"{_SET}ReplicationConfiguration",
    {
        "Role": {"Ref": "RoleArn"},
        "Rules": [
            {
                "Status": "Enabled",
                "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
                "Destination": {
                    "Bucket": {"Ref": "CopyArn"},
                    "Account": ACCOUNT,
                    "EncryptionConfiguration": {"ReplicaKmsKeyID": KEY},
                },
            }
        ],
    },
)
_COPY = f"{_SET}ReplicationConfiguration.Rules.0.Destination"

EXAMPLES = {
    "GovML-BucketEncryption": Example(
        passing=_LOG_TARGET,
        failing=[
            change(BUCKET, f"{_SET}BucketEncryption", REMOVED),
            change(BUCKET, f"{_SET}BucketEncryption.ServerSideEncryptionConfiguration", []),
            change(BUCKET, _DEFAULT, {"SSEAlgorithm": "AES256"}),
            change(BUCKET, f"{_DEFAULT}.KMSMasterKeyID", REMOVED),
            change(BUCKET, f"{_DEFAULT}.KMSMasterKeyID", "alias/aws/s3"),
            change(BUCKET, f"{_DEFAULT}.KMSMasterKeyID", {"Fn::Join": [":", ["arn:aws:kms:x:1", "alias/aws/s3"]]}),
            change(
                BUCKET,
                f"{_SET}BucketEncryption",
                {"Fn::If": ["Secure", {"Ref": "AWS::NoValue"}, {"Ref": "AWS::NoValue"}]},
            ),
            {"Tables": resource("AWS::S3Tables::TableBucket", {"TableBucketName": "curated"})},
            {"Tables": resource("AWS::S3Tables::TableBucket", {"EncryptionConfiguration": {"SSEAlgorithm": "AES256"}})},
        ],
    ),
    "GovML-BucketVersioning": Example(
        passing=change(BUCKET, f"{_SET}VersioningConfiguration.Status", {"Ref": "Versions"}),
        failing=[
            change(BUCKET, f"{_SET}VersioningConfiguration", REMOVED),
            change(BUCKET, f"{_SET}VersioningConfiguration.Status", "Suspended"),
            change(BUCKET, f"{_SET}VersioningConfiguration.Status", {"Fn::If": ["Prod", "Enabled", "Suspended"]}),
            change(_LOG_TARGET, "Logs.Properties.VersioningConfiguration.Status", "Suspended"),
        ],
    ),
    "GovML-BucketAccessLogs": Example(
        passing=BUCKET,
        failing=[
            change(BUCKET, f"{_SET}LoggingConfiguration", REMOVED),
            change(BUCKET, f"{_SET}LoggingConfiguration", {}),
        ],
    ),
    "GovML-BucketLock": Example(
        passing=_LOCKED,
        failing=[
            change(_LOCKED, f"{_SET}ObjectLockEnabled", REMOVED),
            change(_LOCKED, f"{_SET}ObjectLockConfiguration", REMOVED),
            change(_LOCKED, f"{_SET}ObjectLockEnabled", "false"),
            change(_LOCKED, f"{_SET}ObjectLockConfiguration.ObjectLockEnabled", "Disabled"),
            change(_LOCKED, f"{_RETENTION}.Days", 0),
            change(_LOCKED, f"{_RETENTION}.Days", REMOVED),
            change(_LOCKED, f"{_RETENTION}.Mode", REMOVED),
        ],
    ),
    "GovML-BucketCopies": Example(
        passing=_REPLICATED,
        failing=[
            change(_REPLICATED, f"{_COPY}.Account", "999988887777"),
            change(_REPLICATED, f"{_COPY}.EncryptionConfiguration", REMOVED),
            change(
                BUCKET,
                f"{_SET}InventoryConfigurations",
                [{"Id": "all", "Destination": {"BucketAccountId": "999988887777", "BucketArn": {"Ref": "CopyArn"}}}],
            ),
        ],
    ),
    "GovML-BucketTls": Example(
        passing=change(BUCKET, f"{_STATEMENT}.0.Resource", [{"Fn::Sub": "${Bucket.Arn}*"}]),
        failing=[
            {"Bucket": BUCKET["Bucket"]},
            change(BUCKET, "Policy.Properties.Bucket", {"Ref": "Another"}),
            change(BUCKET, f"{_STATEMENT}.0.Effect", "Allow"),
            change(
                BUCKET,
                f"{_STATEMENT}.0.Principal",
                {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
            ),
            change(BUCKET, f"{_STATEMENT}.0.Action", "s3:GetObject"),
            change(BUCKET, f"{_STATEMENT}.0.Action", ["s3:Get*", "s3:Put*"]),
            change(BUCKET, f"{_STATEMENT}.0.Resource", OBJECTS_ARN),
            change(BUCKET, f"{_STATEMENT}.0.Resource", [BUCKET_ARN]),
            change(BUCKET, f"{_STATEMENT}.0.Resource", [BUCKET_ARN, {"Fn::Sub": "${Bucket.Arn}/public/*"}]),
            change(BUCKET, f"{_STATEMENT}.0.Condition", {"Bool": {"aws:SecureTransport": "true"}}),
            change(BUCKET, f"{_STATEMENT}.0.Condition", {"StringEquals": {"aws:SecureTransport": "off"}}),
            change(BUCKET, f"{_STATEMENT}.0.Condition.IpAddress", {"aws:SourceIp": "10.0.0.0/8"}),
            change(BUCKET, f"{_STATEMENT}.0.Condition", {"Bool": {"aws:SecureTransports": "false"}}),
            change(BUCKET, _STATEMENT, []),
        ],
    ),
    "GovML-BucketPublicAccess": Example(
        passing=change(BUCKET, f"{_SET}PublicAccessBlockConfiguration.BlockPublicAcls", "true"),
        failing=[
            change(BUCKET, f"{_SET}PublicAccessBlockConfiguration", REMOVED),
            *(
                change(BUCKET, f"{_SET}PublicAccessBlockConfiguration.{name}", value)
                for name in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
                for value in (False, REMOVED)
            ),
            change(BUCKET, f"{_SET}PublicAccessBlockConfiguration.BlockPublicPolicy", "false"),
            {
                "Point": resource(
                    "AWS::S3::AccessPoint",
                    {"Bucket": {"Ref": "Name"}, "PublicAccessBlockConfiguration": {"BlockPublicAcls": False}},
                )
            },
        ],
    ),
    "GovML-BucketAcl": Example(
        passing=change(BUCKET, f"{_SET}OwnershipControls", {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}),
        failing=[
            change(BUCKET, f"{_SET}AccessControl", "PublicRead"),
            change(BUCKET, f"{_SET}AccessControl", "PublicReadWrite"),
            change(BUCKET, f"{_SET}AccessControl", "AuthenticatedRead"),
            change(BUCKET, f"{_SET}OwnershipControls", {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}),
            change(BUCKET, f"{_SET}OwnershipControls", {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}),
        ],
    ),
    "GovML-BucketWebsite": Example(
        passing=change(
            BUCKET,
            f"{_SET}CorsConfiguration",
            {"CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://label.agency.gov.sg"]}]},
        ),
        failing=[
            change(BUCKET, f"{_SET}WebsiteConfiguration", {"IndexDocument": "index.html"}),
            change(
                BUCKET,
                f"{_SET}CorsConfiguration",
                {"CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]},
            ),
            change(BUCKET, f"{_SET}CorsConfiguration", {"CorsRules": [{"AllowedOrigins": "*"}]}),
        ],
    ),
}
