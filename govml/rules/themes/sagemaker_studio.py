"""SageMaker Studio and notebook instances: no way to the internet, no sharing in the clear, a user behind each call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govml.rules.demands import given, key_problem, later, own_key
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get, listed

_DOMAIN, _PROFILE, _SPACE = "AWS::SageMaker::Domain", "AWS::SageMaker::UserProfile", "AWS::SageMaker::Space"
_SETTINGS = ("DefaultUserSettings", "DefaultSpaceSettings", "UserSettings", "SpaceSettings")


def _settings(resource: Resource) -> Iterator[tuple[str, Mapping[str, object]]]:
    for name in _SETTINGS:
        held = resource.get(name)
        if isinstance(held, Mapping):
            yield name, held


@rule(
    "GovML-StudioVpcOnly",
    _DOMAIN,
    title="Studio reaches the agency's VPC only",
    rationale="By default Studio has a way to the internet that passes no endpoint policy, firewall or flow log.",
    severity="high",
    controls=("SC-7", "AC-4"),
    public_sector_controls=("NS-1", "NS-3"),
    source='SageMaker developer guide, "Connect Studio notebooks in a VPC to external resources"',
)
def studio_vpc_only(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for VpcOnly, subnets, and security groups somewhere."""
    mode = resource.get("AppNetworkAccessType")
    if mode != "VpcOnly" and not (mode is not None and later(mode)):
        yield f"AppNetworkAccessType is {mode or 'not set (PublicInternetOnly)'}: set VpcOnly"
        return
    if not given(resource.get("SubnetIds")) or not given(resource.get("VpcId")):
        yield "names no VpcId and SubnetIds"
    groups = [get(held, "SecurityGroups") for _, held in _settings(resource)]
    if not any(map(given, [*groups, resource.get("DomainSettings", "SecurityGroupIds")])):
        yield "DefaultUserSettings.SecurityGroups is not set: VpcOnly needs the groups of its apps"


@rule(
    "GovML-StudioKey",
    _DOMAIN,
    title="Home folders and volumes of Studio are encrypted with a key of the agency",
    rationale="Notebooks and the data beside them lie there; only an own key can be withdrawn and leaves a trail.",
    severity="medium",
    controls=("SC-28", "SC-28(1)", "SC-12"),
    public_sector_controls=("DP-2", "CK-1"),
    source="CloudFormation template reference, `AWS::SageMaker::Domain`, `KmsKeyId`",
)
def studio_key(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at KmsKeyId, and its older name."""
    key = resource.get("KmsKeyId") or resource.get("HomeEfsFileSystemKmsKeyId")
    if not own_key(key):
        yield f"KmsKeyId {key_problem(key)}"


@rule(
    "GovML-StudioSharing",
    _DOMAIN,
    _PROFILE,
    title="Notebook output is not shared, or shared encrypted",
    rationale="Shared notebooks carry the rows that were printed in them, to a bucket that few think of.",
    severity="medium",
    controls=("AC-3", "SC-28"),
    public_sector_controls=("DP-2", "AC-1"),
    source="CloudFormation template reference, `AWS::SageMaker::Domain` `SharingSettings`",
)
def studio_sharing(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for a key where output may be shared."""
    for name, held in _settings(resource):
        sharing = get(held, "SharingSettings")
        if get(sharing, "NotebookOutputOption") == "Allowed" and not own_key(get(sharing, "S3KmsKeyId")):
            yield f"{name}.SharingSettings allows the sharing of output without S3KmsKeyId: set Disabled"


@rule(
    "GovML-StudioAccess",
    _DOMAIN,
    _PROFILE,
    _SPACE,
    title="Studio's users are told apart, have no container engine, no tunnel and no administration",
    rationale="What one role does for many cannot be traced to a person; Docker and tunnels lead around the network's rules.",
    severity="medium",
    controls=("AC-6", "AU-3", "AC-17", "CM-7"),
    public_sector_controls=("AC-1", "LM-4", "IS-4"),
    source='SageMaker developer guide, "Monitor user resource access from Studio with sourceIdentity", "Docker support"',
)
def studio_access(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at the settings that are there; their defaults are safe, but for the identity, which nobody is asked for."""
    domain = resource.get("DomainSettings")
    if get(domain, "ExecutionRoleIdentityConfig") == "DISABLED":
        yield "DomainSettings.ExecutionRoleIdentityConfig is DISABLED: set USER_PROFILE_NAME, so that a call names its user"
    docker = get(domain, "DockerSettings")
    if get(docker, "EnableDockerAccess") == "ENABLED" and not given(get(docker, "VpcOnlyTrustedAccounts")):
        yield "DomainSettings.DockerSettings.EnableDockerAccess is ENABLED for images of any account"
    for name, held in _settings(resource):
        if get(held, "RemoteAccess") == "ENABLED":
            yield f"{name}.RemoteAccess is ENABLED: it opens a tunnel from the user's machine"
        if get(held, "RStudioServerProAppSettings", "UserGroup") == "R_STUDIO_ADMIN" and resource.type == _DOMAIN:
            yield f"{name}.RStudioServerProAppSettings makes every user an administrator"
        for app in ("JupyterLabAppSettings", "CodeEditorAppSettings"):
            idle = get(held, app, "AppLifecycleManagement", "IdleSettings", "LifecycleManagement")
            if idle == "DISABLED":
                yield f"{name}.{app} never shuts down an idle app"


@rule(
    "GovML-NotebookInstance",
    "AWS::SageMaker::NotebookInstance",
    title="A notebook instance has no internet, no root, an own key and metadata by session",
    rationale="It is a machine with the role of a data scientist: what leaves it and who is root on it is the agency's to decide.",
    severity="high",
    controls=("SC-7", "AC-6", "SC-28", "CM-7"),
    public_sector_controls=("NS-1", "DP-2", "IS-3"),
    source="CloudFormation template reference, `AWS::SageMaker::NotebookInstance` (defaults: internet and root access on)",
)
def notebook_instance(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for what is unsafe by default; judge the metadata version only where it is set."""
    for name in ("DirectInternetAccess", "RootAccess"):
        value = resource.get(name)
        if value != "Disabled" and not (value is not None and later(value)):
            yield f"{name} is {value or 'not set (Enabled)'}: set Disabled"
    if not given(resource.get("SubnetId")) or not given(listed(resource.get("SecurityGroupIds"))):
        yield "names no SubnetId and SecurityGroupIds: it lies outside the VPC"
    if not own_key(resource.get("KmsKeyId")):
        yield f"KmsKeyId {key_problem(resource.get('KmsKeyId'))}"
    version = resource.get("InstanceMetadataServiceConfiguration", "MinimumInstanceMetadataServiceVersion")
    if version is not None and str(version) == "1":
        yield "InstanceMetadataServiceConfiguration takes version 1: any request forged on the machine gets its role; set 2"
    platform = str(resource.get("PlatformIdentifier") or "")
    if platform.startswith("notebook-al1"):
        yield f"PlatformIdentifier {platform} is out of support"
