"""`GrafanaWorkspace`: Managed Grafana that is reached from named networks alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_grafana as grafana
from constructs import Construct

from govml_constructs.grafana.workspace_access import reading_statements
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge


@dataclass(frozen=True)
class Saml:
    """The identity provider, and what its assertions say of people.

    Args:
        metadata_url: where AWS reads its metadata.
        admins: roles that make an administrator.
        editors: roles that make an editor.
        role: attribute that holds the roles.
        login: attribute that holds the login name.
        email: attribute that holds the e-mail address.
        name: attribute that holds the name that is shown.
        session_minutes: how long a sign-in lasts.
    """

    metadata_url: str
    admins: Sequence[str]
    editors: Sequence[str]
    role: str
    login: str
    email: str
    name: str
    session_minutes: int


@dataclass(frozen=True)
class WorkspaceNetwork:
    """Where the workspace stands, and from where it is reached.

    Args:
        subnet_ids: private subnets, two at least: from there it asks its data sources.
        security_group_id: its group there.
        endpoint_id: VPC endpoint `grafana-workspace` by which it is reached.
        prefix_list_ids: prefix lists of public addresses that may reach it, too.
    """

    subnet_ids: Sequence[str]
    security_group_id: str
    endpoint_id: str
    prefix_list_ids: Sequence[str] = ()


class GrafanaWorkspace(PlacedConstruct):
    """A workspace with a role of ours.

    Args:
        name: physical name.
        version: version of Grafana.
        saml: who signs people in; None: IAM Identity Center.
        network: its place.
        prometheus_arns: workspaces of Prometheus that it asks.
        traces: whether X-Ray has traces.
        rules: rules of its role.

    Attributes:
        workspace_id: its id.
        arn: its ARN.
        url: its address.

    Controls: reached by one VPC endpoint and named prefix lists only, asks its data sources from the private subnets, a role
    of this account that reads figures and changes nothing, the version pinned, no plug-ins by its administrators.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        version: str,
        saml: Saml | None,
        network: WorkspaceNetwork,
        prometheus_arns: Sequence[str],
        traces: bool,
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        place, cfn = place_of(self), grafana.CfnWorkspace
        role = ServiceRole(
            self,
            "Role",
            service="grafana.amazonaws.com",
            description="Reads what Grafana's dashboards show",
            rules=rules,
            statements=reading_statements(prometheus_arns=prometheus_arns, traces=traces),
            source_arns=[place.arn("grafana", "/workspaces/*")],
        )
        acknowledge(
            role,
            "AwsSolutions-IAM5",
            finding="Resource::*",
            reason=(
                "Reading metrics and traces takes no resource, and the sink's id is given by AWS; the role reads figures "
                "only, neither logs nor data."
            ),
            owner="platform-security",
            expires="2027-11-20",
        )
        sources = ["CLOUDWATCH", *(["PROMETHEUS"] if prometheus_arns else []), *(["XRAY"] if traces else [])]
        resource = cfn(
            self,
            "Workspace",
            name=name,
            description="Dashboards of the ML platform",
            account_access_type="CURRENT_ACCOUNT",
            permission_type="CUSTOMER_MANAGED",
            role_arn=role.role_arn,
            authentication_providers=["SAML" if saml else "AWS_SSO"],
            saml_configuration=_saml(saml) if saml else None,
            data_sources=sources,
            grafana_version=version,
            plugin_admin_enabled=False,
            network_access_control=cfn.NetworkAccessControlProperty(
                vpce_ids=[network.endpoint_id], prefix_list_ids=list(network.prefix_list_ids)
            ),
            vpc_configuration=cfn.VpcConfigurationProperty(
                subnet_ids=list(network.subnet_ids), security_group_ids=[network.security_group_id]
            ),
        )
        self.workspace_id = resource.attr_id
        self.arn = place.arn("grafana", f"/workspaces/{self.workspace_id}")
        self.url = f"https://{resource.attr_endpoint}"


def _saml(saml: Saml) -> grafana.CfnWorkspace.SamlConfigurationProperty:
    cfn = grafana.CfnWorkspace
    return cfn.SamlConfigurationProperty(
        idp_metadata=cfn.IdpMetadataProperty(url=saml.metadata_url),
        role_values=cfn.RoleValuesProperty(admin=list(saml.admins), editor=list(saml.editors)),
        assertion_attributes=cfn.AssertionAttributesProperty(
            role=saml.role, login=saml.login, email=saml.email, name=saml.name
        ),
        login_validity_duration=saml.session_minutes,
    )
