"""Conditions of policies on SageMaker jobs: that they demand protection and do not demand its absence."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.policies import IDENTITY_POLICY_TYPES, allowed_by
from govml.rules.registry import rule
from govml.rules.template import Resource, Template

_SWITCHES = frozenset({"sagemaker:networkisolation", "sagemaker:intercontainertrafficencryption"})
_NAMES = frozenset(
    {
        "sagemaker:vpcsubnets",
        "sagemaker:vpcsecuritygroupids",
        "sagemaker:volumekmskey",
        "sagemaker:outputkmskey",
    }
)
_OFF = {"sagemaker:rootaccess": "enabled", "sagemaker:directinternetaccess": "enabled"}


@rule(
    "GovML-JobConditions",
    *IDENTITY_POLICY_TYPES,
    title="A condition on SageMaker jobs demands VPC, keys and isolation",
    rationale="A condition that asks for an open job, or for any subnet and key, reads like protection and is none.",
    severity="high",
    controls=("AC-3", "AC-4", "SC-7"),
    public_sector_controls=("AC-1", "NS-1"),
    source="Service authorization reference, Amazon SageMaker, condition keys",
)
def job_conditions(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at conditions that are there; jobs themselves are judged where they are defined."""
    for statement in allowed_by(resource):
        for operator, key, values in statement.operators:
            name, said = key.lower(), {value.lower() for value in values}
            if name in _SWITCHES and operator.startswith("Bool") and "false" in said:
                yield f"statement {statement.sid} allows jobs with {key} false"
            absent = operator == "Null" and "true" in said
            if name in _NAMES and (absent or said == {"*"}):
                yield f"statement {statement.sid} allows jobs with {'no' if absent else 'any'} {key}"
            if said == {_OFF.get(name)}:
                yield f"statement {statement.sid} allows notebooks with {key} Enabled"
