"""`PatchBaseline`: which patches managed nodes get, for the nodes that name no patch group of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from govml_constructs.place import PlacedConstruct


@dataclass(frozen=True)
class _Words:
    """How an operating system's vendor calls security patches and their severities, the worst first."""

    classifications: Sequence[str]
    key: str
    severities: Sequence[str]


# Systems Manager API reference, "PatchFilter".
_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "AMAZON_LINUX_2023": _Words(["Security"], "SEVERITY", ["Critical", "Important", "Medium", "Low"]),
        "REDHAT_ENTERPRISE_LINUX": _Words(["Security"], "SEVERITY", ["Critical", "Important", "Moderate", "Low"]),
        "WINDOWS": _Words(
            ["CriticalUpdates", "SecurityUpdates"], "MSRC_SEVERITY", ["Critical", "Important", "Moderate", "Low"]
        ),
    }
)
_LEVELS = ("CRITICAL", "HIGH", "MEDIUM", "LOW")


class PatchBaseline(PlacedConstruct):
    """The account's default patch baseline of one operating system: security patches, approved by themselves.

    Args:
        name: physical name.
        operating_system: `AMAZON_LINUX_2023`, `REDHAT_ENTERPRISE_LINUX` or `WINDOWS`.
        approve_after_days: days after its release that a patch is approved.

    Raises:
        ValueError: another operating system.

    Controls: default of the account, so that no managed node is without one; every severity has a compliance level of
    its own (GCC policy-as-code GT1.5, public-sector control IS-2).
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, name: str, operating_system: str, approve_after_days: int
    ) -> None:
        super().__init__(scope, construct_id)
        if operating_system not in _WORDS:
            raise ValueError(f"{self.node.path}: {operating_system} is none of {', '.join(_WORDS)}")
        words = _WORDS[operating_system]
        self.resource = ssm.CfnPatchBaseline(
            self,
            "Baseline",
            name=name,
            description="Security patches for managed nodes without a patch group of their own",
            operating_system=operating_system,
            default_baseline=True,
            # of patches that somebody adds to the baseline by name; the service's default is UNSPECIFIED
            approved_patches_compliance_level="CRITICAL",
            approval_rules={
                "patchRules": [
                    _rule(words, severity, level, approve_after_days)
                    for severity, level in zip(words.severities, _LEVELS, strict=True)
                ]
            },
        )


def _rule(words: _Words, severity: str, level: str, approve_after_days: int) -> dict[str, object]:
    filters = {"CLASSIFICATION": list(words.classifications), words.key: [severity]}
    return {
        "patchFilterGroup": {"patchFilters": [{"key": key, "values": values} for key, values in filters.items()]},
        "approveAfterDays": approve_after_days,
        "complianceLevel": level,
        "enableNonSecurity": False,
    }
