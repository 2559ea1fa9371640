"""From template properties to API requests, where the two differ by more than letter case."""

from __future__ import annotations

import json

from govml.local.emulator.account import current_account
from govml.local.emulator.cloudformation.spec import Properties


def flow_log_request(properties: Properties) -> Properties:
    """One resource in CloudFormation, a list in the API."""
    request = {name: value for name, value in properties.items() if name != "ResourceId"}
    return {**request, "ResourceIds": [properties["ResourceId"]]}


def security_group_rule_request(properties: Properties) -> Properties:
    """A flat rule in CloudFormation, a list of permissions in the API."""
    described = {"Description": properties["Description"]} if properties.get("Description") else {}
    permission: Properties = {
        name: properties[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in properties
    }
    if "CidrIp" in properties:
        permission["IpRanges"] = [{"CidrIp": properties["CidrIp"], **described}]
    if "CidrIpv6" in properties:
        permission["Ipv6Ranges"] = [{"CidrIpv6": properties["CidrIpv6"], **described}]
    prefix_list = properties.get("SourcePrefixListId") or properties.get("DestinationPrefixListId")
    if prefix_list:
        permission["PrefixListIds"] = [{"PrefixListId": prefix_list, **described}]
    group = properties.get("SourceSecurityGroupId") or properties.get("DestinationSecurityGroupId")
    if group:
        permission["UserIdGroupPairs"] = [{"GroupId": group, **described}]
    return {"GroupId": properties["GroupId"], "IpPermissions": [permission]}


def glue_security_request(properties: Properties) -> Properties:
    """The list of S3 encryptions is a plural in CloudFormation and a singular in the API."""
    encryption = dict(properties["EncryptionConfiguration"])
    if "S3Encryptions" in encryption:
        encryption["S3Encryption"] = encryption.pop("S3Encryptions")
    return {**properties, "EncryptionConfiguration": encryption}


def pipeline_request(properties: Properties) -> Properties:
    """CodePipeline's API takes the pipeline as one structure beside its tags, and every setting as text."""
    pipeline = {name: value for name, value in properties.items() if name != "Tags"}
    stores = pipeline.pop("ArtifactStores", None)
    if stores:
        pipeline["ArtifactStores"] = {item["Region"]: item["ArtifactStore"] for item in stores}
    pipeline["Stages"] = [
        {**stage, "Actions": [_action(action) for action in stage["Actions"]]} for stage in pipeline["Stages"]
    ]
    request: Properties = {"Pipeline": pipeline}
    if properties.get("Tags"):
        request["Tags"] = properties["Tags"]
    return request


def _action(action: Properties) -> Properties:
    settings = action.get("Configuration") or {}
    return {**action, "Configuration": {name: str(value) for name, value in settings.items()}}


def guardrail_request(properties: Properties) -> Properties:
    """The key of a guardrail has another name in the API."""
    return {("kmsKeyId" if name == "KmsKeyArn" else name): value for name, value in properties.items()}


def rule_groups_request(properties: Properties) -> Properties:
    """A namespace of rules names its workspace by ARN in CloudFormation and by id in the API, and its rules are bytes there."""
    request = {name: value for name, value in properties.items() if name != "Workspace"}
    return {
        **request,
        "workspaceId": properties["Workspace"].rpartition("/")[2],
        "Data": properties["Data"].encode(),
    }


def grafana_request(properties: Properties) -> Properties:
    """Most properties of a Grafana workspace carry the prefix `workspace` in the API."""
    prefixed = {"Name", "Description", "DataSources", "NotificationDestinations", "OrganizationalUnits", "RoleArn"}
    return {(f"workspace{name}" if name in prefixed else name): value for name, value in properties.items()}


_CHAT_NAMES = {
    "SlackWorkspaceId": "SlackTeamId",
    "TeamsTenantId": "TenantId",
    "TeamsChannelId": "ChannelId",
    "TeamsChannelName": "ChannelName",
    "GuardrailPolicies": "GuardrailPolicyArns",
    "UserRoleRequired": "UserAuthorizationRequired",
}


def chat_request(properties: Properties) -> Properties:
    """Half of what a chat channel has is named otherwise in the API."""
    return {_CHAT_NAMES.get(name, name): value for name, value in properties.items()}


def budget_request(properties: Properties) -> Properties:
    """A budget belongs to the account of the stack."""
    return {**properties, "AccountId": current_account()}


def budget_update(properties: Properties) -> Properties:
    """An update takes the whole budget under another name; its notifications replace the resource."""
    return {"AccountId": budget_request(properties)["AccountId"], "NewBudget": properties["Budget"]}


def anomaly_monitor_request(properties: Properties) -> Properties:
    """The API takes the monitor as one structure beside its tags, and what it watches as an object instead of text."""
    return _parsed(properties, "AnomalyMonitor", "MonitorSpecification")


def anomaly_monitor_update(properties: Properties) -> Properties:
    """Only the name of a monitor can change."""
    return {"MonitorName": properties["MonitorName"]}


def anomaly_subscription_request(properties: Properties) -> Properties:
    """The API takes the subscription as one structure beside its tags, and the threshold as an object instead of text."""
    return _parsed(properties, "AnomalySubscription", "ThresholdExpression")


def anomaly_subscription_update(properties: Properties) -> Properties:
    """An update takes the members side by side."""
    changed: Properties = anomaly_subscription_request(properties)["AnomalySubscription"]
    return changed


def _parsed(properties: Properties, wrapper: str, document: str) -> Properties:
    inner = {name: value for name, value in properties.items() if name != "ResourceTags"}
    if document in inner:
        inner[document] = json.loads(inner[document])
    return {wrapper: inner, **({"ResourceTags": properties["ResourceTags"]} if "ResourceTags" in properties else {})}


def vector_index_request(properties: Properties) -> Properties:
    """An index names its bucket by name or by ARN; moto knows names only."""
    request = {name: value for name, value in properties.items() if name != "VectorBucketArn"}
    if "VectorBucketArn" in properties:
        request["VectorBucketName"] = properties["VectorBucketArn"].rpartition("/")[2]
    return request


def package_domain_request(properties: Properties) -> Properties:
    """A CodeArtifact domain is named by another member in the API."""
    return {("domain" if name == "DomainName" else name): value for name, value in properties.items()}


def package_repository_request(properties: Properties) -> Properties:
    """A CodeArtifact repository: other member names, and upstreams as objects."""
    names = {"DomainName": "domain", "RepositoryName": "repository"}
    request = {names.get(name, name): value for name, value in properties.items()}
    if "Upstreams" in request:
        request["Upstreams"] = [{"repositoryName": name} for name in request["Upstreams"]]
    return request
