"""Lake Formation's grants and EMR's clusters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govml.rules.definitions import document
from govml.rules.demands import given, own_key, switched_on
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get, listed, true

_GRANTS = ("AWS::LakeFormation::Permissions", "AWS::LakeFormation::PrincipalPermissions")
_SETTINGS, _DATABASE = "AWS::LakeFormation::DataLakeSettings", "AWS::Glue::Database"


def _everybody(principal: object) -> bool:
    """Return whether a grant goes to all who have IAM permissions, or to all of an account (its id, or its root)."""
    name = str(get(principal, "DataLakePrincipalIdentifier") or "")
    return name.upper() in {"IAM_ALLOWED_PRINCIPALS", "EVERYONE", "ALLIAMPRINCIPALS"} or name.endswith(
        (":IAMPrincipals", ":root")
    )


@rule(
    "GovML-LakeGrants",
    *_GRANTS,
    _SETTINGS,
    _DATABASE,
    title="Lake Formation grants go to named roles",
    rationale="The group IAMAllowedPrincipals hands tables back to whoever IAM lets near the bucket: no row or column is filtered.",
    severity="high",
    controls=("AC-3", "AC-6"),
    public_sector_controls=("AC-1",),
    source='Lake Formation developer guide, "Changing the default settings for your data lake"',
)
def lake_grants(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at grants, at the defaults for new databases and tables, and at access from outside."""
    if resource.type in _GRANTS:
        if _everybody(resource.get("Principal") or resource.get("DataLakePrincipal")):
            yield "grants to everybody with IAM permissions: name the roles"
        if "ALL" in {str(each) for each in listed(resource.get("PermissionsWithGrantOption"))}:
            yield "PermissionsWithGrantOption holds ALL: name what may be handed on"
        return
    if resource.type == _DATABASE:
        open_to = listed(resource.get("DatabaseInput", "CreateTableDefaultPermissions"))
    else:
        names = ("CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions")
        open_to = [each for name in names for each in listed(resource.get(name))]
    if any(_everybody(get(each, "Principal")) for each in open_to):
        yield "new databases or tables are open to everybody with IAM permissions: set the default permissions to []"
    for name in ("AllowExternalDataFiltering", "AllowFullTableExternalDataAccess"):
        if true(resource.get(name)):
            yield f"{name} is true: engines outside read tables past the filters"
    if any(_everybody(each) for each in listed(resource.get("Admins"))):
        yield "Admins holds everybody: name the roles"


@rule(
    "GovML-EmrEncryption",
    "AWS::EMR::Cluster",
    "AWS::EMR::SecurityConfiguration",
    title="EMR clusters encrypt disks and traffic",
    rationale="A cluster's disks hold copies of everything it reads; its nodes exchange them.",
    severity="medium",
    controls=("SC-28", "SC-8"),
    public_sector_controls=("DP-2", "DP-3"),
    source='EMR management guide, "Create a security configuration"',
)
def emr_encryption(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask clusters for a configuration, and configurations for both kinds of encryption."""
    if resource.type == "AWS::EMR::Cluster":
        if not given(resource.get("SecurityConfiguration")):
            yield "SecurityConfiguration is not set"
        return
    try:
        held = document(resource.get("SecurityConfiguration"))
    except ValueError as error:
        yield f"SecurityConfiguration cannot be read: {error}"
        return
    encryption = get(held, "EncryptionConfiguration")
    if held is None:
        return
    for name in ("EnableAtRestEncryption", "EnableInTransitEncryption"):
        if not switched_on(get(encryption, name)):
            yield f"EncryptionConfiguration.{name} is not true"
    rest = get(encryption, "AtRestEncryptionConfiguration", "S3EncryptionConfiguration")
    if get(rest, "EncryptionMode") == "SSE-S3":
        yield "S3EncryptionConfiguration.EncryptionMode is SSE-S3: set SSE-KMS with a key of the agency"


@rule(
    "GovML-EmrNetwork",
    "AWS::EMRServerless::Application",
    "AWS::EMR::Cluster",
    title="Spark runs in the agency's VPC and logs encrypted",
    rationale="An application without a network configuration reaches the internet by AWS's own way.",
    severity="medium",
    controls=("SC-7", "SC-28", "AU-9"),
    public_sector_controls=("NS-1", "DP-2"),
    source='EMR Serverless user guide, "Configuring VPC access"',
)
def emr_network(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for subnets; keys of logs are judged where logs are configured."""
    if resource.type == "AWS::EMR::Cluster":
        instances = resource.get("Instances")
        if isinstance(instances, Mapping) and not any(given(instances.get(n)) for n in ("Ec2SubnetId", "Ec2SubnetIds")):
            yield "Instances names no Ec2SubnetId"
        return
    network = resource.get("NetworkConfiguration")
    if not given(get(network, "SubnetIds")) or not given(get(network, "SecurityGroupIds")):
        yield "NetworkConfiguration names no SubnetIds and SecurityGroupIds"
    for name in ("S3MonitoringConfiguration", "CloudWatchLoggingConfiguration"):
        held = resource.get("MonitoringConfiguration", name)
        if given(held) and not own_key(get(held, "EncryptionKeyArn")):
            yield f"MonitoringConfiguration.{name}.EncryptionKeyArn is not set"
