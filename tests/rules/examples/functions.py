"""Examples of the rules on functions, builds and repositories."""

from __future__ import annotations

from example import REMOVED, Example, change
from pieces import FUNCTION, KEPT, KEY, PROJECT, resource

_SET = "Function.Properties."
_DESTINATION = {
    **change(FUNCTION, f"{_SET}DeadLetterConfig", REMOVED),
    "Failures": resource(
        "AWS::Lambda::EventInvokeConfig",
        {
            "FunctionName": {"Ref": "Function"},
            "Qualifier": "$LATEST",
            "DestinationConfig": {"OnFailure": {"Destination": {"Ref": "QueueArn"}}},
        },
    ),
}
_URL = {"Url": resource("AWS::Lambda::Url", {"TargetFunctionArn": {"Ref": "Arn"}, "AuthType": "AWS_IAM"})}
_PERMISSION = {
    "Permission": resource(
        "AWS::Lambda::Permission",
        {
            "FunctionName": {"Ref": "Arn"},
            "Action": "lambda:InvokeFunction",
            "Principal": "events.amazonaws.com",
            "SourceArn": {"Ref": "RuleArn"},
        },
    )
}
_MAY = "Permission.Properties."
_REPOSITORY = {
    "Repository": resource(
        "AWS::ECR::Repository",
        {
            "ImageTagMutability": "IMMUTABLE",
            "ImageScanningConfiguration": {"ScanOnPush": True},
            "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": KEY},
        },
        **KEPT,
    )
}
_IMAGES = "Repository.Properties."
_BUILD = "Build.Properties."
_SIGNING = {
    "Signing": resource(
        "AWS::Lambda::CodeSigningConfig", {"CodeSigningPolicies": {"UntrustedArtifactOnDeployment": "Enforce"}}
    )
}

EXAMPLES = {
    "GovML-FunctionConcurrency": Example(
        passing=change(FUNCTION, f"{_SET}ReservedConcurrentExecutions", {"Ref": "Most"}),
        failing=[
            change(FUNCTION, f"{_SET}ReservedConcurrentExecutions", REMOVED),
            change(FUNCTION, f"{_SET}ReservedConcurrentExecutions", {"Fn::If": ["Prod", 5, {"Ref": "AWS::NoValue"}]}),
        ],
    ),
    "GovML-FunctionFailures": Example(
        passing=_DESTINATION,
        failing=[
            change(FUNCTION, f"{_SET}DeadLetterConfig", REMOVED),
            change(FUNCTION, f"{_SET}DeadLetterConfig", {}),
            change(
                _DESTINATION,
                "Failures.Properties.DestinationConfig",
                {"OnSuccess": {"Destination": {"Ref": "QueueArn"}}},
            ),
            change(_DESTINATION, "Failures.Properties.FunctionName", {"Ref": "Another"}),
        ],
    ),
    "GovML-FunctionRuntime": Example(
        passing=change(change(FUNCTION, f"{_SET}Runtime", REMOVED), f"{_SET}PackageType", "Image"),
        failing=[
            *(
                change(FUNCTION, f"{_SET}Runtime", old)
                for old in (
                    "python3.8",
                    "python3.9",
                    "python3.10",
                    "nodejs18.x",
                    "nodejs20.x",
                    "nodejs12.x",
                    "go1.x",
                    "nodejs",
                )
            ),
            {"Layer": resource("AWS::Lambda::LayerVersion", {"CompatibleRuntimes": ["python3.8"]})},
        ],
    ),
    "GovML-FunctionUrl": Example(
        passing=_URL,
        failing=[
            change(_URL, "Url.Properties.AuthType", "NONE"),
            change(_URL, "Url.Properties.AuthType", REMOVED),
            change(_URL, "Url.Properties.Cors", {"AllowOrigins": ["*"]}),
        ],
    ),
    "GovML-FunctionPermission": Example(
        passing=_PERMISSION,
        failing=[
            change(_PERMISSION, f"{_MAY}Principal", "*"),
            change(_PERMISSION, f"{_MAY}SourceArn", REMOVED),
            change(_PERMISSION, f"{_MAY}Principal", "999988887777"),
            change(_PERMISSION, f"{_MAY}FunctionUrlAuthType", "NONE"),
            change(_PERMISSION, f"{_MAY}Action", "lambda:*"),
            change(_PERMISSION, f"{_MAY}SourceArn", "*"),
            change(change(_PERMISSION, f"{_MAY}Principal", "s3.amazonaws.com"), f"{_MAY}SourceArn", REMOVED),
            change(
                change(_PERMISSION, f"{_MAY}Principal", "s3.amazonaws.com"), f"{_MAY}SourceArn", "arn:aws:s3:::named"
            ),
        ],
    ),
    "GovML-FunctionCode": Example(
        passing=_SIGNING,
        failing=[change(_SIGNING, "Signing.Properties.CodeSigningPolicies.UntrustedArtifactOnDeployment", "Warn")],
    ),
    "GovML-BuildPrivileged": Example(
        passing=change(PROJECT, f"{_BUILD}Environment.PrivilegedMode", False),
        failing=[
            change(PROJECT, f"{_BUILD}Environment.PrivilegedMode", True),
            change(PROJECT, f"{_BUILD}Environment.PrivilegedMode", "true"),
            change(PROJECT, f"{_BUILD}Environment.PrivilegedMode", {"Fn::If": ["Docker", True, False]}),
        ],
    ),
    "GovML-BuildEncryption": Example(
        passing=PROJECT,
        failing=[
            change(PROJECT, f"{_BUILD}EncryptionKey", REMOVED),
            change(PROJECT, f"{_BUILD}Artifacts.EncryptionDisabled", True),
            {"Packages": resource("AWS::CodeArtifact::Domain", {"DomainName": "agency"}, **KEPT)},
            {"Pipeline": resource("AWS::CodePipeline::Pipeline", {"ArtifactStore": {"Type": "S3", "Location": "x"}})},
        ],
    ),
    "GovML-BuildExposure": Example(
        passing=change(PROJECT, f"{_BUILD}Visibility", "PRIVATE"),
        failing=[
            change(PROJECT, f"{_BUILD}Visibility", "PUBLIC_READ"),
            change(PROJECT, f"{_BUILD}BadgeEnabled", True),
            {"Hook": resource("AWS::CodePipeline::Webhook", {"Authentication": "UNAUTHENTICATED"})},
            change(PROJECT, f"{_BUILD}Source.InsecureSsl", True),
            change(PROJECT, f"{_BUILD}Source.Location", "http://git.agency.gov.sg/x.git"),
            {
                "Reports": resource(
                    "AWS::CodeBuild::ReportGroup", {"ExportConfig": {"S3Destination": {"EncryptionDisabled": True}}}
                )
            },
        ],
    ),
}
