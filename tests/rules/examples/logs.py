"""Examples of the rules on log groups and flow logs."""

from __future__ import annotations

from example import REMOVED, Example, change
from pieces import LOG_GROUP, PROJECT, resource

from govml.rules.options import Options

_FORWARDED = {
    **LOG_GROUP,
    "Forward": resource(
        "AWS::Logs::SubscriptionFilter",
        {"LogGroupName": {"Ref": "Group"}, "FilterPattern": "", "DestinationArn": {"Ref": "CentralArn"}},
    ),
}
_BY_NAME = change(
    change(_FORWARDED, "Group.Properties.LogGroupName", "/agency/jobs"),
    "Forward.Properties.LogGroupName",
    "/agency/jobs",
)
_FLOW = {
    "Vpc": resource("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/24"}),
    "Flow": resource(
        "AWS::EC2::FlowLog",
        {
            "ResourceId": {"Ref": "Vpc"},
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "LogDestinationType": "s3",
            "LogDestination": {"Ref": "BucketArn"},
        },
    ),
}

EXAMPLES = {
    "GovML-LogRetention": Example(
        passing=change(LOG_GROUP, "Group.Properties.RetentionInDays", {"Ref": "Days"}),
        failing=[
            change(LOG_GROUP, "Group.Properties.RetentionInDays", REMOVED),
            change(LOG_GROUP, "Group.Properties.RetentionInDays", 30),
            change(LOG_GROUP, "Group.Properties.RetentionInDays", "90"),
            change(LOG_GROUP, "Group.Properties.RetentionInDays", {"Fn::If": ["Prod", 365, 7]}),
            {"Old": resource("Custom::LogRetention", {"LogGroupName": "x", "RetentionInDays": 7})},
        ],
    ),
    "GovML-LogEncryption": Example(
        passing=LOG_GROUP,
        failing=[
            change(LOG_GROUP, "Group.Properties.KmsKeyId", REMOVED),
            change(LOG_GROUP, "Group.Properties.KmsKeyId", {"Ref": "AWS::NoValue"}),
            change(LOG_GROUP, "Group.Properties.KmsKeyId", ""),
        ],
    ),
    "GovML-LogSubscription": Example(
        options=Options(log_subscription=True),
        passing=_BY_NAME,
        failing=[
            LOG_GROUP,
            change(_FORWARDED, "Forward.Properties.LogGroupName", {"Ref": "Another"}),
            change(_FORWARDED, "Forward.Properties.FilterPattern", "ERROR"),
            change(_FORWARDED, "Forward.Properties.DestinationArn", REMOVED),
            change(_FORWARDED, "Group.Properties.LogGroupClass", "INFREQUENT_ACCESS"),
        ],
    ),
    "GovML-FlowLogs": Example(
        passing=_FLOW,
        failing=[
            {"Vpc": _FLOW["Vpc"]},
            change(_FLOW, "Flow.Properties.TrafficType", "REJECT"),
            change(_FLOW, "Flow.Properties.TrafficType", "ACCEPT"),
            change(_FLOW, "Flow.Properties.LogDestination", REMOVED),
            change(_FLOW, "Flow.Properties.ResourceId", {"Ref": "Subnet"}),
            change(_FLOW, "Flow.Properties.LogDestinationType", "cloud-watch-logs"),
        ],
    ),
    "GovML-LoggingSwitchedOff": Example(
        passing=change(PROJECT, "Build.Properties.LogsConfig.CloudWatchLogs.Status", "ENABLED"),
        failing=[
            change(PROJECT, "Build.Properties.LogsConfig.CloudWatchLogs.Status", "DISABLED"),
            change(PROJECT, "Build.Properties.LogsConfig.S3Logs", {"Status": "ENABLED", "EncryptionDisabled": True}),
            {
                "Delivery": resource(
                    "AWS::KinesisFirehose::DeliveryStream",
                    {"ExtendedS3DestinationConfiguration": {"CloudWatchLoggingOptions": {"Enabled": "false"}}},
                )
            },
            {"Stage": resource("AWS::ApiGateway::Stage", {"MethodSettings": [{"LoggingLevel": "OFF"}]})},
        ],
    ),
}
