"""Examples of the rules on machines, services, regions, tags, the landing zone and safeguards that were left out."""

from __future__ import annotations

from typing import Any

from example import REMOVED, Example, change
from pieces import FUNCTION, KEPT, KEY, LOG_GROUP, resource

from govml.rules.options import Options

_MACHINE = {
    "Machine": resource(
        "AWS::EC2::LaunchTemplate",
        {
            "LaunchTemplateData": {
                "MetadataOptions": {"HttpTokens": "required"},
                "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True}}],
            }
        },
    )
}
_DATA = "Machine.Properties.LaunchTemplateData"
_TASK = {
    "Task": resource(
        "AWS::ECS::TaskDefinition",
        {"NetworkMode": "awsvpc", "ContainerDefinitions": [{"Name": "c", "ReadonlyRootFilesystem": True}]},
    )
}
_TOPIC = {"Topic": resource("AWS::SNS::Topic", {"KmsMasterKeyId": KEY})}
_ALARM = {"Alarm": resource("AWS::CloudWatch::Alarm", {"AlarmActions": [{"Ref": "TopicArn"}]})}
_APP = {"App": resource("AWS::SageMaker::App", {"AppType": "JupyterLab", "AppName": "default"})}
_TABLE = {
    "Table": resource(
        "AWS::DynamoDB::Table",
        {
            "SSESpecification": {"SSEEnabled": True, "KMSMasterKeyId": KEY},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        },
        **KEPT,
    )
}
_TWO = {
    **change(FUNCTION, "Function.Properties.Environment.Variables", {"STAGE": "dev"}),
    "Second": change(
        change(FUNCTION, "Function.Properties.Environment.Variables", {"STAGE": "dev"}),
        "Function.Properties.KmsKeyArn",
        KEY,
    )["Function"],
}
_FORWARD = {
    "Forward": resource(
        "AWS::Logs::SubscriptionFilter",
        {"LogGroupName": {"Ref": "Group"}, "FilterPattern": "", "DestinationArn": {"Ref": "CentralArn"}},
    )
}
_CHOOSING = {
    "Feed": resource(
        "AWS::Logs::SubscriptionFilter",
        {"LogGroupName": {"Ref": "Third"}, "FilterPattern": "{ $._aws.* }", "DestinationArn": {"Ref": "ForwarderArn"}},
    )
}


def _policy_of_objects(count: int) -> dict[str, Any]:
    """A policy that names so many objects one by one."""
    objects = [{"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::bucket/object-{number}"} for number in range(count)]
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": objects}
    return {"Policy": resource("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": [statement]}})}


_ROLE = {
    "Role": resource(
        "AWS::IAM::Role",
        {
            "PermissionsBoundary": {"Ref": "BoundaryArn"},
            "AssumeRolePolicyDocument": {
                "Statement": [
                    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
                ]
            },
        },
    )
}

EXAMPLES = {
    "GovML-MetadataService": Example(
        passing=_MACHINE,
        failing=[
            change(_MACHINE, f"{_DATA}.MetadataOptions", REMOVED),
            change(_MACHINE, f"{_DATA}.MetadataOptions.HttpTokens", "optional"),
            {"Machine": resource("AWS::EC2::Instance", {"ImageId": {"Ref": "Image"}})},
        ],
    ),
    "GovML-MachineDisk": Example(
        passing=_MACHINE,
        failing=[
            change(_MACHINE, f"{_DATA}.BlockDeviceMappings.0.Ebs.Encrypted", False),
            change(_MACHINE, f"{_DATA}.BlockDeviceMappings.0.Ebs", {"VolumeSize": 20}),
        ],
    ),
    "GovML-ContainerTask": Example(
        passing=_TASK,
        failing=[
            change(_TASK, "Task.Properties.ContainerDefinitions.0.Privileged", True),
            change(_TASK, "Task.Properties.ContainerDefinitions.0.ReadonlyRootFilesystem", "false"),
            change(_TASK, "Task.Properties.NetworkMode", "host"),
            change(_TASK, "Task.Properties.PidMode", "host"),
            {"Service": resource("AWS::ECS::Service", {"EnableExecuteCommand": True})},
        ],
    ),
    "GovML-ClosedService": Example(
        passing=_TOPIC,
        failing=[
            {"Closed": resource(kind)}
            for kind in (
                "AWS::SageMaker::MonitoringSchedule",
                "AWS::SageMaker::ModelBiasJobDefinition",
                "AWS::SageMaker::FlowDefinition",
                "AWS::Bedrock::Agent",
                "AWS::CloudTrail::EventDataStore",
                "AWS::AppRunner::Service",
                "AWS::Cloud9::EnvironmentEC2",
                "AWS::Kendra::Index",
                "AWS::QLDB::Ledger",
                "AWS::Timestream::Database",
            )
        ],
    ),
    "GovML-ClosedFeature": Example(
        passing=_APP,
        failing=[
            change(_APP, "App.Properties.AppType", "JupyterServer"),
            change(_APP, "App.Properties.AppType", "KernelGateway"),
            {
                "P": resource(
                    "AWS::SageMaker::UserProfile", {"UserSettings": {"DefaultLandingUri": "app:JupyterServer:"}}
                )
            },
            {
                "E": resource(
                    "AWS::SageMaker::EndpointConfig", {"ProductionVariants": [{"AcceleratorType": "ml.eia2.medium"}]}
                )
            },
        ],
    ),
    "GovML-ForeignRegion": Example(
        options=Options(allowed_regions=("ap-southeast-1", "ap-southeast-2")),
        passing=change(_TOPIC, "Topic.Properties.DisplayName", "from ap-southeast-2 to us-east-alpha"),
        failing=[
            change(_TOPIC, "Topic.Properties.KmsMasterKeyId", "arn:aws:kms:us-east-1:111122223333:key/x"),
            {"Subnet": resource("AWS::EC2::Subnet", {"AvailabilityZone": "eu-west-1a"})},
            {"Service": resource("AWS::EC2::VPCEndpoint", {"ServiceName": "com.amazonaws.us-gov-west-1.s3"})},
            {"Image": resource("AWS::SageMaker::Model", {"Image": "763104351884.dkr.ecr.us-west-2.amazonaws.com/x:1"})},
            {"Provider": resource("Custom::Anything", {"Region": "me-south-1"})},
            change(_TOPIC, "Topic.Properties.DisplayName", {"Fn::Join": ["-", ["eu", "central", "1"]]}),
        ],
    ),
    "GovML-ReservedTag": Example(
        options=Options(reserved_tags=("gcc:", "aws:")),
        passing=change(_TOPIC, "Topic.Properties.Tags", [{"Key": "Project-Code", "Value": "gcc:x"}]),
        failing=[
            change(_TOPIC, "Topic.Properties.Tags", [{"Key": "gcc:account", "Value": "x"}]),
            change(_TOPIC, "Topic.Properties.Tags", [{"Key": "GCC:Account", "Value": "x"}]),
            change(_TOPIC, "Topic.Properties.Tags", [{"Key": {"Fn::Sub": "aws:owner"}, "Value": "x"}]),
            {"Parameter": resource("AWS::SSM::Parameter", {"Type": "String", "Value": "x", "Tags": {"gcc:zone": "x"}})},
            {
                "Scaling": resource(
                    "AWS::AutoScaling::AutoScalingGroup", {"Tags": [{"Key": "gcc:x", "PropagateAtLaunch": True}]}
                )
            },
            change(_MACHINE, f"{_DATA}.TagSpecifications", [{"Tags": [{"Key": "gcc:x", "Value": "x"}]}]),
        ],
    ),
    "GovML-CentralService": Example(
        passing=_TOPIC,
        failing=[
            {"Central": resource(kind)}
            for kind in (
                "AWS::CloudTrail::Trail",
                "AWS::Config::ConfigurationRecorder",
                "AWS::GuardDuty::Detector",
                "AWS::SecurityHub::Hub",
            )
        ],
    ),
    "GovML-SilentAlarm": Example(
        passing=_ALARM,
        failing=[
            change(_ALARM, "Alarm.Properties.ActionsEnabled", False),
            change(_ALARM, "Alarm.Properties.ActionsEnabled", "false"),
            change(_ALARM, "Alarm.Properties.AlarmActions", []),
            change(_ALARM, "Alarm.Properties.AlarmActions", REMOVED),
        ],
    ),
    "GovML-TooLarge": Example(
        passing={**FUNCTION, **_policy_of_objects(40)},
        failing=[
            {**FUNCTION, **_policy_of_objects(400)},
            change(FUNCTION, "Function.Properties.Environment.Variables.PLACES", "x" * 4100),
        ],
    ),
    "GovML-ForwardingLeftOut": Example(
        passing={
            **LOG_GROUP,
            **_FORWARD,
            "Second": dict(LOG_GROUP["Group"]),
            "Third": dict(LOG_GROUP["Group"]),
            **_CHOOSING,
        },
        failing=[
            {**LOG_GROUP, "Second": dict(LOG_GROUP["Group"]), **_FORWARD},
            {**LOG_GROUP, "Second": dict(LOG_GROUP["Group"]), **_FORWARD, "Alarm": _ALARM["Alarm"]},
        ],
    ),
    "GovML-SafeguardLeftOut": Example(
        passing={**FUNCTION, **_TABLE},
        failing=[
            _TWO,
            {**_ROLE, "Second": change(_ROLE, "Role.Properties.PermissionsBoundary", REMOVED)["Role"]},
            {**_TABLE, "Second": change(_TABLE, "Table.Properties.DeletionProtectionEnabled", True)["Table"]},
        ],
    ),
}
