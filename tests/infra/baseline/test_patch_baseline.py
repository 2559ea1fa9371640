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


def rules(baseline: dict[str, Any]) -> list[dict[str, Any]]:
    return list(baseline["ApprovalRules"]["PatchRules"])


def filters(rule: dict[str, Any]) -> dict[str, list[str]]:
    return {each["Key"]: each["Values"] for each in rule["PatchFilterGroup"]["PatchFilters"]}


def test_it_is_the_account_s_default_for_its_operating_system(bench: Mapping[str, Stand]) -> None:
    found = [bench[name].one("AWS::SSM::PatchBaseline").properties for name in ("Patches0", "Patches1")]
    assert [each["OperatingSystem"] for each in found] == ["AMAZON_LINUX_2023", "WINDOWS"]
    for each in found:
        assert each["DefaultBaseline"] is True
        assert "PatchGroups" not in each  # the default serves the nodes that name no group


def test_patches_are_approved_after_the_given_days(baseline: dict[str, Any]) -> None:
    assert {rule["ApproveAfterDays"] for rule in rules(baseline)} == {7}


def test_every_severity_has_a_compliance_level_of_its_own(baseline: dict[str, Any]) -> None:
    assert [rule["ComplianceLevel"] for rule in rules(baseline)] == ["CRITICAL", "HIGH", "MEDIUM", "LOW"]
    assert baseline["ApprovedPatchesComplianceLevel"] == "CRITICAL"
    assert "UNSPECIFIED" not in str(baseline)


def test_security_patches_of_every_severity_and_no_others(bench: Mapping[str, Stand]) -> None:
    linux, windows = (
        [filters(rule) for rule in rules(bench[name].one("AWS::SSM::PatchBaseline").properties)]
        for name in ("Patches0", "Patches1")
    )
    assert [each["SEVERITY"] for each in linux] == [["Critical"], ["Important"], ["Medium"], ["Low"]]
    assert [each["MSRC_SEVERITY"] for each in windows] == [["Critical"], ["Important"], ["Moderate"], ["Low"]]
    assert all(each["CLASSIFICATION"] == ["Security"] for each in linux)
    assert all(each["CLASSIFICATION"] == ["CriticalUpdates", "SecurityUpdates"] for each in windows)


def test_an_unknown_operating_system_is_refused(scratch: BenchStack) -> None:
    with pytest.raises(ValueError, match=r"SOLARIS is none of AMAZON_LINUX_2023"):
        PatchBaseline(scratch, "Patches", name="x", operating_system="SOLARIS", approve_after_days=7)
