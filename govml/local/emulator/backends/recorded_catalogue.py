"""What is recorded only: the resources that no emulator implements, as data."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Recorded:
    """One kind of resource whose requests are checked, stored and answered back. There is no behaviour behind it.

    Args:
        service: botocore's name of the service.
        noun: the resource in boto3's spelling; operations are `create_<noun>`, `<read>_<noun>`, `update_<noun>` ...
        key: request parameters that identify one resource in read, update and delete.
        arn: the resource part of its ARN; `{id}` is the generated identifier, other names are request parameters.
        arn_member: answer member that carries the ARN.
        read: verb of the read operation.
        id_member: answer member that carries a generated identifier, if the service makes one.
        wrapper: answer member that wraps the resource, if there is one.
        listed: answer member of the list operation.
        rename: request parameter -> answer member, where the names differ.
        defaults: members that the service adds.
    """

    service: str
    noun: str
    key: tuple[str, ...]
    arn: str
    arn_member: str
    read: str = "describe"
    id_member: str | None = None
    wrapper: str | None = None
    listed: str | None = None
    rename: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, object] = field(default_factory=dict)


_GRAFANA_NAMES = {
    "workspaceName": "name",
    "workspaceDescription": "description",
    "workspaceDataSources": "dataSources",
    "workspaceNotificationDestinations": "notificationDestinations",
    "workspaceOrganizationalUnits": "organizationalUnits",
}

CATALOGUE = (
    Recorded(
        "sagemaker",
        "mlflow_tracking_server",
        ("TrackingServerName",),
        "mlflow-tracking-server/{TrackingServerName}",
        "TrackingServerArn",
        listed="TrackingServerSummaries",
        defaults={"TrackingServerStatus": "Created", "IsActive": "Inactive"},
    ),
    Recorded(
        "sagemaker",
        "mlflow_app",
        ("Arn",),
        "mlflow-app/app-{id}",
        "Arn",
        listed="Summaries",
        defaults={"Status": "Created"},
    ),
    Recorded(
        "sagemaker",
        "user_profile",
        ("DomainId", "UserProfileName"),
        "user-profile/{DomainId}/{UserProfileName}",
        "UserProfileArn",
        listed="UserProfiles",
        defaults={"Status": "InService"},
    ),
    Recorded(
        "sagemaker",
        "data_quality_job_definition",
        ("JobDefinitionName",),
        "data-quality-job-definition/{JobDefinitionName}",
        "JobDefinitionArn",
        listed="JobDefinitionSummaries",
    ),
    Recorded(
        "sagemaker",
        "monitoring_schedule",
        ("MonitoringScheduleName",),
        "monitoring-schedule/{MonitoringScheduleName}",
        "MonitoringScheduleArn",
        listed="MonitoringScheduleSummaries",
        defaults={"MonitoringScheduleStatus": "Scheduled"},
    ),
    Recorded(
        "sagemaker",
        "feature_group",
        ("FeatureGroupName",),
        "feature-group/{FeatureGroupName}",
        "FeatureGroupArn",
        listed="FeatureGroupSummaries",
        defaults={"FeatureGroupStatus": "Created"},
    ),
    Recorded(
        "codeconnections",
        "connection",
        ("ConnectionArn",),
        "connection/{id}",
        "ConnectionArn",
        read="get",
        wrapper="Connection",
        listed="Connections",
        defaults={"ConnectionStatus": "PENDING"},
    ),
    Recorded(
        "oam",
        "sink",
        ("Identifier",),
        "sink/{id}",
        "Identifier",
        read="get",
        rename={"Identifier": "Arn"},
    ),
    Recorded(
        "oam",
        "link",
        ("Identifier",),
        "link/{id}",
        "Identifier",
        read="get",
        rename={"Identifier": "Arn", "SinkIdentifier": "SinkArn"},
    ),
    Recorded(
        "chatbot",
        "slack_channel_configuration",
        ("ChatConfigurationArn",),
        "chat-configuration/slack-channel/{ConfigurationName}",
        "ChatConfigurationArn",
        wrapper="ChannelConfiguration",
        listed="SlackChannelConfigurations",
    ),
    Recorded(
        "chatbot",
        "microsoft_teams_channel_configuration",
        ("ChatConfigurationArn",),
        "chat-configuration/microsoft-teams-channel/{ConfigurationName}",
        "ChatConfigurationArn",
        read="get",
        wrapper="ChannelConfiguration",
        listed="TeamChannelConfigurations",
    ),
    Recorded(
        "grafana",
        "workspace",
        ("workspaceId",),
        "/workspaces/g-{id}",
        "arn",
        id_member="workspaceId",
        wrapper="workspace",
        listed="workspaces",
        rename={**_GRAFANA_NAMES, "workspaceId": "id"},
        defaults={"status": "ACTIVE"},
    ),
    Recorded(
        "redshift-serverless",
        "namespace",
        ("namespaceName",),
        "namespace/{id}",
        "namespaceArn",
        read="get",
        id_member="namespaceId",
        wrapper="namespace",
        listed="namespaces",
        defaults={"status": "AVAILABLE"},
    ),
    Recorded(
        "redshift-serverless",
        "workgroup",
        ("workgroupName",),
        "workgroup/{id}",
        "workgroupArn",
        read="get",
        id_member="workgroupId",
        wrapper="workgroup",
        listed="workgroups",
        defaults={"status": "AVAILABLE"},
    ),
    Recorded(
        "codeartifact",
        "domain",
        ("domain",),
        "domain/{domain}",
        "arn",
        wrapper="domain",
        listed="domains",
        rename={"domain": "name"},
        defaults={"status": "Active"},
    ),
    Recorded(
        "codeartifact",
        "repository",
        ("domain", "repository"),
        "repository/{domain}/{repository}",
        "arn",
        wrapper="repository",
        rename={"domain": "domainName", "repository": "name"},
        defaults={"externalConnections": []},
    ),
)
