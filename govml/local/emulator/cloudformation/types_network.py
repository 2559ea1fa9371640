"""Network and observability: types that MiniStack's CloudFormation engine lacks."""

from __future__ import annotations

from govml.local.emulator.account import client
from govml.local.emulator.cloudformation.requests import (
    flow_log_request,
    grafana_request,
    rule_groups_request,
    security_group_rule_request,
)
from govml.local.emulator.cloudformation.spec import ApiType, FollowUp, Properties, Read, Tier


def drop_default_egress(properties: Properties) -> None:
    """Take away the rule that lets everything out, as CloudFormation does when a group gets its first own egress rule.

    The rule that EC2 makes has no description; one that a template states for itself, and describes, stays.
    """
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    (group,) = client("ec2").describe_security_groups(GroupIds=[properties["GroupId"]])["SecurityGroups"]
    if any(
        rule["IpProtocol"] == "-1" and rule["IpRanges"] == everything["IpRanges"]
        for rule in group["IpPermissionsEgress"]
    ):
        client("ec2").revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=[everything])


def _security_group_rule(direction: str) -> ApiType:
    rule = "response.SecurityGroupRules[0].SecurityGroupRuleId"
    return ApiType(
        Tier.BACKED,
        "MiniStack",
        "ec2",
        f"authorize_security_group_{direction}",
        "describe_security_group_rules",
        f"revoke_security_group_{direction}",
        key={"SecurityGroupRuleIds": f"[{rule}]"},
        delete_key={"GroupId": "request.GroupId", "SecurityGroupRuleIds": f"[{rule}]"},
        ref=rule,
        attributes={"Id": rule},
        request=security_group_rule_request,
        before=drop_default_egress if direction == "egress" else None,
        renamed={
            "CidrIp": ("CidrIpv4",),
            "SourceSecurityGroupId": ("GroupId",),
            "DestinationSecurityGroupId": ("GroupId",),
            "SourcePrefixListId": ("PrefixListId",),
            "DestinationPrefixListId": ("PrefixListId",),
        },
    )


NETWORK: dict[str, ApiType] = {
    "AWS::EC2::SecurityGroupIngress": _security_group_rule("ingress"),
    "AWS::EC2::SecurityGroupEgress": _security_group_rule("egress"),
    "AWS::EC2::FlowLog": ApiType(
        Tier.BACKED,
        "MiniStack",
        "ec2",
        "create_flow_logs",
        "describe_flow_logs",
        "delete_flow_logs",
        key={"FlowLogIds": "response.FlowLogIds"},
        ref="response.FlowLogIds[0]",
        attributes={"Id": "response.FlowLogIds[0]"},
        request=flow_log_request,
        renamed={"LogGroupName": ("LogDestination",)},
        unreadable=("ResourceType",),
        follow_ups={"Tags": FollowUp("create_tags", {"Resources": "key.FlowLogIds", "Tags": "value"})},
        extra_reads=(Read("ec2", "describe_tags", {"Filters": "[{Name: 'resource-id', Values: key.FlowLogIds}]"}),),
    ),
    "AWS::Logs::QueryDefinition": ApiType(
        Tier.RECORDED,
        "recorded",
        "logs",
        "put_query_definition",
        "describe_query_definitions",
        "delete_query_definition",
        key={"queryDefinitionNamePrefix": "request.name"},
        delete_key={"queryDefinitionId": "response.queryDefinitionId"},
        ref="response.queryDefinitionId",
        attributes={"QueryDefinitionId": "response.queryDefinitionId"},
        name="Name",
    ),
    "AWS::CloudWatch::CompositeAlarm": ApiType(
        Tier.BACKED,
        "MiniStack",
        "cloudwatch",
        "put_composite_alarm",
        "describe_alarms",
        "delete_alarms",
        key={"AlarmNames": "[request.AlarmName]", "AlarmTypes": "['CompositeAlarm']"},
        delete_key={"AlarmNames": "[request.AlarmName]"},
        ref="request.AlarmName",
        attributes={"Arn": "resource.CompositeAlarms[0].AlarmArn"},
        update="put_composite_alarm",
        name="AlarmName",
        extra_reads=(
            Read("cloudwatch", "list_tags_for_resource", {"ResourceARN": "resource.CompositeAlarms[0].AlarmArn"}),
        ),
    ),
    "AWS::APS::Workspace": ApiType(
        Tier.BACKED,
        "moto",
        "amp",
        "create_workspace",
        "describe_workspace",
        "delete_workspace",
        key={"workspaceId": "response.workspaceId"},
        ref="response.arn",
        attributes={
            "Arn": "response.arn",
            "WorkspaceId": "response.workspaceId",
            "PrometheusEndpoint": "resource.workspace.prometheusEndpoint",
        },
        dropped=(
            "AlertManagerDefinition",
            "LoggingConfiguration",
            "QueryLoggingConfiguration",
            "WorkspaceConfiguration",
        ),
    ),
    "AWS::APS::RuleGroupsNamespace": ApiType(
        Tier.BACKED,
        "moto",
        "amp",
        "create_rule_groups_namespace",
        "describe_rule_groups_namespace",
        "delete_rule_groups_namespace",
        key={"workspaceId": "request.workspaceId", "name": "request.name"},
        ref="response.arn",
        attributes={"Arn": "response.arn"},
        request=rule_groups_request,
        update="put_rule_groups_namespace",
        unreadable=("Workspace",),  # its ARN has the id
    ),
    "AWS::Oam::Sink": ApiType(
        Tier.RECORDED,
        "recorded",
        "oam",
        "create_sink",
        "get_sink",
        "delete_sink",
        key={"Identifier": "response.Arn"},
        ref="response.Arn",
        attributes={"Arn": "response.Arn"},
        follow_ups={"Policy": FollowUp("put_sink_policy", {"SinkIdentifier": "key.Identifier", "Policy": "value"})},
        extra_reads=(Read("oam", "get_sink_policy", {"SinkIdentifier": "key.Identifier"}),),
    ),
    "AWS::Oam::Link": ApiType(
        Tier.RECORDED,
        "recorded",
        "oam",
        "create_link",
        "get_link",
        "delete_link",
        key={"Identifier": "response.Arn"},
        ref="response.Arn",
        attributes={"Arn": "response.Arn", "Label": "response.LabelTemplate"},
        renamed={"SinkIdentifier": ("SinkArn",)},
    ),
    "AWS::Grafana::Workspace": ApiType(
        Tier.RECORDED,
        "recorded",
        "grafana",
        "create_workspace",
        "describe_workspace",
        "delete_workspace",
        key={"workspaceId": "response.workspace.id"},
        ref="response.workspace.id",
        attributes={
            "Id": "response.workspace.id",
            "Status": "resource.workspace.status",
            "Endpoint": "resource.workspace.endpoint",
        },
        update="update_workspace",
        request=grafana_request,
        renamed={"RoleArn": ("workspaceRoleArn",)},
        dropped=("PluginAdminEnabled", "SamlConfiguration"),
    ),
}
