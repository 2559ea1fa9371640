"""`PatchBaseline`: which patches managed nodes get, for the nodes that name no patch group of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from aws_cdk import aws_ssm as ssm
from constructs import Construct

# Filters by which Patch Manager finds security patches; each system has its own words (Systems Manager API reference,
# "PatchFilter").
_SECURITY: Mapping[str, Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "AMAZON_LINUX_2023": {"CLASSIFICATION": ["Security"], "SEVERITY": ["Critical", "Important", "Medium"]},
        "REDHAT_ENTERPRISE_LINUX": {"CLASSIFICATION": ["Security"], "SEVERITY": ["Critical", "Important", "Moderate"]},
        "WINDOWS": {
            "CLASSIFICATION": ["CriticalUpdates", "SecurityUpdates"],
            "MSRC_SEVERITY": ["Critical", "Important", "Moderate"],
        },
    }
)


class PatchBaseline(Construct):
    """The account's default patch baseline of one operating system: security patches, approved by themselves.

    Args:
        name: physical name.
        operating_system: `AMAZON_LINUX_2023`, `REDHAT_ENTERPRISE_LINUX` or `WINDOWS`.
        approve_after_days: days after its release that a patch is approved.

    Raises:
        ValueError: another operating system.

    Controls: default of the account, so that no managed node is without one; a missing patch counts as critical.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, name: str, operating_system: str, approve_after_days: int
    ) -> None:
        super().__init__(scope, construct_id)
        if operating_system not in _SECURITY:
            raise ValueError(f"{self.node.path}: {operating_system} is none of {', '.join(_SECURITY)}")
        filters = [{"key": key, "values": list(values)} for key, values in _SECURITY[operating_system].items()]
        self.resource = ssm.CfnPatchBaseline(
            self,
            "Baseline",
            name=name,
            description="Security patches for managed nodes without a patch group of their own",
            operating_system=operating_system,
            default_baseline=True,
            approval_rules={
                "patchRules": [
                    {
                        "patchFilterGroup": {"patchFilters": filters},
                        "approveAfterDays": approve_after_days,
                        "complianceLevel": "CRITICAL",
                        "enableNonSecurity": False,
                    }
                ]
            },
        )
