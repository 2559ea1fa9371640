"""VPC endpoints: what their policies let through."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.access import bounded, everybody, fenced
from govml.rules.options import Options
from govml.rules.policies import PolicyStatement, resource_policies
from govml.rules.registry import rule
from govml.rules.template import Resource, Template

# What goes through these carries no signature of AWS, so that a policy could name nobody; the service asks for a sign-in.
_UNSIGNED = (".grafana-workspace",)


@rule(
    "GovML-EndpointPolicy",
    "AWS::EC2::VPCEndpoint",
    title="A VPC endpoint lets through only what the platform needs",
    rationale="Through an endpoint with the default policy data can go to any account's bucket or service.",
    severity="medium",
    controls=("SC-7", "AC-4", "AC-6"),
    public_sector_controls=("NS-2", "NS-3"),
    source='AWS PrivateLink guide, "Control access to VPC endpoints using endpoint policies": the default allows everything',
)
def endpoint_policy(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for a policy that names resources, actions or whose they are; gateway load balancers have none."""
    kind = str(resource.get("VpcEndpointType") or "Gateway")
    if kind not in {"Interface", "Gateway"} or not str(resource.get("ServiceName")).startswith(
        ("com.amazonaws", "aws.")
    ):
        return
    if str(resource.get("ServiceName")).endswith(_UNSIGNED):
        return
    document = resource.get("PolicyDocument")
    if not document:
        yield "has no PolicyDocument, so it allows everything: hold it to this account or organisation"
    for found in resource_policies(resource):
        for each in found:
            if each.allow and everybody(each) and _of_everything(each) and not bounded(each) and not fenced(found):
                yield f"statement {each.sid} allows everything to everybody: add aws:PrincipalAccount, aws:ResourceAccount"


def _of_everything(statement: PolicyStatement) -> bool:
    """Return whether a statement is about all actions of a service and all resources."""
    actions = bool(statement.not_actions) or any(each.split(":")[-1] == "*" for each in statement.actions)
    return actions and (bool(statement.not_resources) or "*" in statement.resources)
