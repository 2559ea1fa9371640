"""Actions that are safe only under a condition, because no resource can hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govml.rules.options import Options
from govml.rules.policies import IDENTITY_POLICY_TYPES, allowed_by
from govml.rules.registry import rule
from govml.rules.template import Resource, Template

_JOBS = ("sagemaker:VpcSubnets",)
# Action -> condition keys, one of which must hold it (service authorization reference, each service's condition keys).
_HELD_BY: Mapping[str, tuple[str, ...]] = {
    "cloudwatch:PutMetricData": ("cloudwatch:namespace",),
    "ec2:CreateNetworkInterfacePermission": ("ec2:AuthorizedService", "ec2:Subnet", "ec2:Vpc"),
    "ec2:DeleteNetworkInterface": ("ec2:Subnet", "ec2:Vpc", "aws:ResourceTag"),
    "kms:CreateGrant": ("kms:GrantIsForAWSResource", "kms:ViaService", "kms:GrantOperations"),
    "sts:GetServiceBearerToken": ("sts:AWSServiceName",),
    "sagemaker:CreateAutoMLJobV2": _JOBS,
    "sagemaker:CreateHyperParameterTuningJob": _JOBS,
    "sagemaker:CreateProcessingJob": _JOBS,
    "sagemaker:CreateTrainingJob": _JOBS,
}
_ALSO_ON_NAMED = frozenset({"kms:CreateGrant"})


@rule(
    "GovML-UnconditionalAction",
    *IDENTITY_POLICY_TYPES,
    title="Actions that no resource can hold are held by a condition",
    rationale="A grant, a network interface or a job of any name is held by whom it serves and where it runs, or by nothing.",
    severity="medium",
    controls=("AC-6", "AC-3"),
    public_sector_controls=("AC-1",),
    source="Service authorization reference, condition keys of CloudWatch, EC2, KMS, STS and SageMaker",
)
def unconditional_action(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for the condition where a resource has a wildcard; of grants always."""
    for statement in allowed_by(resource):
        wide = any("*" in each for each in statement.resources)
        for action, keys in _HELD_BY.items():
            named = action in statement.actions and (wide or action in _ALSO_ON_NAMED)
            if named and not any(key.split("/", 1)[0] in _lower(keys) for key in statement.conditions):
                yield f"statement {statement.sid} allows {action} without a condition on {' or '.join(keys)}"


def _lower(keys: tuple[str, ...]) -> set[str]:
    return {key.lower() for key in keys}
