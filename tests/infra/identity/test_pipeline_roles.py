"""`PipelineRoles`: one role orchestrates, one works; each can be taken by SageMaker for this account only."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import SLUG, Stand
from cfn_templates import ACCOUNT, REGION, Resource
from identities import Identity

TO_SAGEMAKER = {"iam:PassedToService": "sagemaker.amazonaws.com"}


@pytest.fixture
def roles(bench: Mapping[str, Stand]) -> dict[str, Resource]:
    return {each.path.split("/")[2]: each for each in bench["Roles"].all("AWS::IAM::Role")}


@pytest.fixture
def pipeline(bench: Mapping[str, Stand], roles: dict[str, Resource]) -> Identity:
    return Identity(roles["Pipeline"], bench["Roles"].template.all())


def test_there_are_two_roles_with_the_use_case_s_tag(roles: dict[str, Resource]) -> None:
    assert set(roles) == {"Job", "Pipeline"}
    for role in roles.values():
        assert {"Key": "govml-use-case", "Value": SLUG} in role.properties["Tags"]


@pytest.mark.parametrize("kind", ["Job", "Pipeline"])
def test_sagemaker_takes_them_for_this_account_s_resources_only(
    bench: Mapping[str, Stand], roles: dict[str, Resource], kind: str
) -> None:
    role = Identity(roles[kind], bench["Roles"].template.all())
    source = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/x"
    assert role.assumed_by("sagemaker.amazonaws.com", source=source)
    assert not role.assumed_by("sagemaker.amazonaws.com", source=source.replace(ACCOUNT, "9" * 12))
    assert not role.assumed_by("sagemaker.amazonaws.com", account="9" * 12, source=source)
    assert not role.assumed_by("lambda.amazonaws.com", source=source)


def test_the_pipeline_role_passes_the_job_role_to_sagemaker_only(
    roles: dict[str, Resource], pipeline: Identity
) -> None:
    assert pipeline.may("iam:PassRole", roles["Job"].arn, TO_SAGEMAKER)
    assert not pipeline.may("iam:PassRole", roles["Job"].arn, {"iam:PassedToService": "lambda.amazonaws.com"})
    assert not pipeline.may("iam:PassRole", roles["Job"].arn)
    assert not pipeline.may("iam:PassRole", roles["Pipeline"].arn, TO_SAGEMAKER)
    assert not pipeline.may("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/Admin", TO_SAGEMAKER)


def test_the_job_role_passes_no_role(bench: Mapping[str, Stand], roles: dict[str, Resource]) -> None:
    job = Identity(roles["Job"], bench["Roles"].template.all())
    for role in roles.values():
        assert not job.may("iam:PassRole", role.arn, TO_SAGEMAKER)


def test_the_job_role_reads_its_code_and_no_other_asset(bench: Mapping[str, Stand], roles: dict[str, Resource]) -> None:
    job = Identity(roles["Job"], bench["Roles"].template.all())
    code = bench["Code"].construct
    archive = "arn:aws:s3:::" + code.uri.removeprefix("s3://")
    assert archive.endswith(f"/{code.file_name}")
    assert job.may("s3:GetObject", archive)
    assert not job.may("s3:GetObject", archive.replace(code.file_name, "other.zip"))
    assert not job.may("s3:PutObject", archive)
