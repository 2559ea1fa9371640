"""Switch `gcc_baseline`: the account rules, once an account, for the operating systems that the file names."""

from __future__ import annotations

from cfn_templates import ACCOUNT, Deployment
from profiles import Profile


def test_two_environments_in_one_account_share_them(shared_account: Deployment) -> None:
    stacks = [name for name in shared_account.templates if name.endswith("/GccBaseline")]
    assert stacks == ["sandbox-dev/GccBaseline"]


def test_the_stack_holds_alerts_patches_and_guards(shared_account: Deployment) -> None:
    template = shared_account.templates["sandbox-dev/GccBaseline"]
    assert {each.type for each in template.all()} == {
        "AWS::EC2::SnapshotBlockPublicAccess",
        "AWS::Events::Rule",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Role",
        "AWS::SSM::Association",
        "AWS::SSM::PatchBaseline",
    }
    assert len(template.all("AWS::Events::Rule")) == 4


def test_the_role_has_the_boundary_and_the_path(shared_account: Deployment) -> None:
    (role,) = shared_account.templates["sandbox-dev/GccBaseline"].all("AWS::IAM::Role")
    assert role.properties["PermissionsBoundary"] == f"arn:aws:iam::{ACCOUNT}:policy/AgencyBoundary"
    assert role.properties["Path"] == "/agency/"


def test_each_operating_system_of_the_file_has_its_default_baseline(profile: Profile) -> None:
    baseline = profile.settings.baseline
    for _, templates in profile.environments():
        made = [each.properties for template in templates for each in template.all("AWS::SSM::PatchBaseline")]
        if not profile.settings.switches.gcc_baseline:
            assert made == []
            continue
        assert [each["OperatingSystem"] for each in made] == list(baseline.patch_operating_systems)
        for each in made:
            assert each["DefaultBaseline"] is True
            days = {rule["ApproveAfterDays"] for rule in each["ApprovalRules"]["PatchRules"]}
            assert days == {baseline.patch_approval_days}
