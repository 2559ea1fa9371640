"""`PatchBaseline`: security patches for every managed node, approved by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bench import BenchStack, Stand

from govml_constructs.baseline.patch_baseline import PatchBaseline


@pytest.fixture(params=["Patches0", "Patches1"])
def baseline(request: pytest.FixtureRequest, bench: Mapping[str, Stand]) -> dict[str, Any]:
    return bench[request.param].one("AWS::SSM::PatchBaseline").properties


def rule(baseline: dict[str, Any]) -> dict[str, Any]:
    (found,) = baseline["ApprovalRules"]["PatchRules"]
    return dict(found)


def test_it_is_the_account_s_default_for_its_operating_system(bench: Mapping[str, Stand]) -> None:
    found = [bench[name].one("AWS::SSM::PatchBaseline").properties for name in ("Patches0", "Patches1")]
    assert [each["OperatingSystem"] for each in found] == ["AMAZON_LINUX_2023", "WINDOWS"]
    for each in found:
        assert each["DefaultBaseline"] is True
        assert "PatchGroups" not in each  # the default serves the nodes that name no group


def test_patches_are_approved_after_the_given_days(baseline: dict[str, Any]) -> None:
    assert rule(baseline)["ApproveAfterDays"] == 7


def test_a_missing_patch_is_critical(baseline: dict[str, Any]) -> None:
    assert rule(baseline)["ComplianceLevel"] == "CRITICAL"


def test_security_patches_only(bench: Mapping[str, Stand]) -> None:
    linux, windows = (
        {
            each["Key"]: each["Values"]
            for each in rule(bench[name].one("AWS::SSM::PatchBaseline").properties)["PatchFilterGroup"]["PatchFilters"]
        }
        for name in ("Patches0", "Patches1")
    )
    assert linux == {"CLASSIFICATION": ["Security"], "SEVERITY": ["Critical", "Important", "Medium"]}
    assert windows["CLASSIFICATION"] == ["CriticalUpdates", "SecurityUpdates"]
    assert windows["MSRC_SEVERITY"][0] == "Critical"


def test_an_unknown_operating_system_is_refused(scratch: BenchStack) -> None:
    with pytest.raises(ValueError, match=r"SOLARIS is none of AMAZON_LINUX_2023"):
        PatchBaseline(scratch, "Patches", name="x", operating_system="SOLARIS", approve_after_days=7)
