"""The Data stack deletes nothing that holds data unless both keys agree, whatever types it comes to have."""

from __future__ import annotations

from cfn_templates import Deployment, Resource

# What can be made again from the template alone. A type that is not named here counts as holding data.
STATELESS = {
    "AWS::Athena::WorkGroup",
    "AWS::CloudWatch::Dashboard",
    "AWS::IAM::ManagedPolicy",
    "AWS::S3::BucketPolicy",
    "AWS::SSM::Parameter",
}
HOLDING = {"AWS::Glue::Database", "AWS::Glue::Table", "AWS::S3::Bucket"}


def holding(deployment: Deployment, environment: str) -> list[Resource]:
    """Return what holds data in the Data stack of an environment."""
    found = [each for each in deployment.templates[f"{environment}/Data"].all() if each.type not in STATELESS]
    assert {each.type for each in found} == HOLDING
    return found


def test_one_key_deletes_no_data(sandbox: Deployment, shared_account: Deployment) -> None:
    # `removal: destroy` is in both agency files; only `sandbox-dev` of the second one is named on the command line
    assert [each.path for each in holding(sandbox, "sandbox-dev") if not each.kept()] == []
    assert [each.path for each in holding(shared_account, "sandbox-uat") if not each.kept()] == []


def test_both_keys_delete_all_of_it(shared_account: Deployment) -> None:
    """Nothing is left behind that would stand in the way of making the environment again."""
    for each in holding(shared_account, "sandbox-dev"):
        policies = {each.body.get("DeletionPolicy"), each.body.get("UpdateReplacePolicy")}
        assert policies == {"Delete"}, each.path


def test_a_query_s_results_are_not_deleted_with_its_workgroup(shared_account: Deployment) -> None:
    for each in shared_account.templates["sandbox-dev/Data"].all("AWS::Athena::WorkGroup"):
        assert each.properties["RecursiveDeleteOption"] is False
