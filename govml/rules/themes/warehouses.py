"""Redshift, serverless and in clusters: private, encrypted, logged."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.demands import given, key_problem, later, own_key, switched_on
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import false, get, listed, true

_CLUSTER, _NAMESPACE = "AWS::Redshift::Cluster", "AWS::RedshiftServerless::Namespace"
_WORKGROUP, _PARAMETERS = "AWS::RedshiftServerless::Workgroup", "AWS::Redshift::ClusterParameterGroup"


@rule(
    "GovML-WarehouseKey",
    _CLUSTER,
    _NAMESPACE,
    title="Warehouses are encrypted with a key of the agency",
    rationale="A warehouse holds the data of all use cases; an own key can be withdrawn and leaves a trail.",
    severity="medium",
    controls=("SC-28", "SC-28(1)", "SC-12"),
    public_sector_controls=("DP-2", "CK-1"),
    source='Redshift management guide, "Amazon Redshift database encryption"',
)
def warehouse_key(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """A cluster also has a switch for it."""
    if resource.type == _CLUSTER and not switched_on(resource.get("Encrypted")):
        yield "Encrypted is not true"
    elif not own_key(resource.get("KmsKeyId")):
        yield f"KmsKeyId {key_problem(resource.get('KmsKeyId'))}"


@rule(
    "GovML-WarehouseNetwork",
    _CLUSTER,
    _WORKGROUP,
    _PARAMETERS,
    title="Warehouses are private, load through the VPC, and take TLS connections only",
    rationale="Without enhanced VPC routing, COPY and UNLOAD pass by every endpoint policy and flow log.",
    severity="high",
    controls=("SC-7", "SC-8", "AC-4"),
    public_sector_controls=("NS-1", "NS-2", "DP-3"),
    source='Redshift management guide, "Controlling network traffic with Redshift enhanced VPC routing"',
)
def warehouse_network(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at the address, the routing, and the parameters that force TLS."""
    if true(resource.get("PubliclyAccessible")):
        yield "PubliclyAccessible is true"
    if resource.type != _PARAMETERS and not switched_on(resource.get("EnhancedVpcRouting")):
        yield "EnhancedVpcRouting is not true"
    name, value = (
        ("ParameterName", "ParameterValue") if resource.type == _PARAMETERS else ("ParameterKey", "ParameterValue")
    )
    held = listed(resource.get("Parameters" if resource.type == _PARAMETERS else "ConfigParameters"))
    settings = {str(get(each, name)): get(each, value) for each in held}
    if false(settings.get("require_ssl")):
        yield "require_ssl is false: connections in the clear are taken"
    elif resource.type == _PARAMETERS and "require_ssl" not in settings:
        yield "require_ssl is not set: connections in the clear are taken"


@rule(
    "GovML-WarehouseLog",
    _CLUSTER,
    _NAMESPACE,
    title="Warehouses log who signed in and what was asked",
    rationale="Without the log nobody can say who read which rows.",
    severity="medium",
    controls=("AU-2", "AU-12"),
    public_sector_controls=("LM-5", "LM-4"),
    source='Redshift management guide, "Database audit logging"',
)
def warehouse_log(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask a namespace for its exports, and a cluster for a destination."""
    if resource.type == _CLUSTER:
        logging = resource.get("LoggingProperties")
        if not given(get(logging, "BucketName")) and get(logging, "LogDestinationType") != "cloudwatch":
            yield "LoggingProperties names no destination"
        return
    exports = resource.get("LogExports")
    missing = {"connectionlog", "useractivitylog"} - {str(each) for each in listed(exports)}
    if missing and not (isinstance(exports, str) and later(exports)):
        yield f"LogExports lacks {', '.join(sorted(missing))}"
