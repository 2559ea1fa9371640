"""What a job needs around its own data, asked of the sandbox's synthesised roles: its code, and MLflow's artefacts."""

from __future__ import annotations

import pytest
from cfn_templates import REGION, Deployment, Resource
from identities import Identity


def role(sandbox: Deployment, stack: str, part: str) -> Resource:
    template = sandbox.templates[f"sandbox-dev/{stack}"]
    (found,) = [each for each in template.all("AWS::IAM::Role") if f"/{part}/" in each.path]
    return found


def identity(sandbox: Deployment, stack: str, part: str) -> Identity:
    everything = [each for template in sandbox.templates.values() for each in template.all()]
    return Identity(role(sandbox, stack, part), everything)


def artifacts(sandbox: Deployment) -> str:
    buckets = sandbox.templates["sandbox-dev/Data"].all("AWS::S3::Bucket")
    (bucket,) = [each for each in buckets if "/artifacts/" in each.path.lower()]
    return bucket.arn


@pytest.mark.parametrize(("stack", "part"), [("UseCase-hdb-resale", "Job"), ("MlPlatform", "StudioRole")])
def test_the_mlflow_client_keeps_a_runs_artefacts_with_the_callers_role(
    sandbox: Deployment, stack: str, part: str
) -> None:
    caller, bucket = identity(sandbox, stack, part), artifacts(sandbox)
    assert caller.may("s3:PutObject", f"{bucket}/mlflow/1/2/artifacts/model.json")
    assert caller.may("s3:ListBucket", bucket, {"s3:prefix": "mlflow/1/"})
    assert not caller.may("s3:PutObject", f"{bucket}/mlflow-2/x")
    assert not caller.may("s3:DeleteObject", f"{bucket}/mlflow/1/2/artifacts/model.json")
    assert not caller.may("s3:ListBucket", bucket, {"s3:prefix": "other-use-case/"})


def test_the_pipeline_itself_writes_no_artefacts_of_runs(sandbox: Deployment) -> None:
    caller = identity(sandbox, "UseCase-hdb-resale", "Pipeline")
    assert not caller.may("s3:PutObject", f"{artifacts(sandbox)}/mlflow/1/2/artifacts/model.json")


def test_a_job_may_list_its_code_and_nothing_else_beside_it(sandbox: Deployment) -> None:
    template = sandbox.templates["sandbox-dev/UseCase-hdb-resale"]
    statements = [
        statement
        for policy in template.all("AWS::IAM::ManagedPolicy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if statement["Sid"] in {"ReadCode", "FindCode"}
    ]
    read, find = sorted(statements, key=lambda each: each["Sid"], reverse=True)
    (bucket,) = find["Resource"]
    key = find["Condition"]["StringEquals"]["s3:prefix"]
    assert read["Resource"] == [f"{bucket}/{key}"]
    caller = identity(sandbox, "UseCase-hdb-resale", "Job")
    assert caller.may("s3:ListBucket", bucket, {"s3:prefix": key})
    assert not caller.may("s3:ListBucket", bucket, {"s3:prefix": key[:4]})
    assert not caller.may("s3:ListBucket", bucket)


def test_studio_may_pass_the_users_name_on(sandbox: Deployment) -> None:
    (statement,) = role(sandbox, "MlPlatform", "StudioRole").properties["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == ["sts:AssumeRole", "sts:SetSourceIdentity"]


def test_the_delivery_pipeline_asks_for_approval_at_an_encrypted_topic(sandbox: Deployment) -> None:
    caller = identity(sandbox, "Cicd", "PipelineRole")
    topic = sandbox.templates["sandbox-dev/Security"].all("AWS::SNS::Topic")[0]
    key = topic.properties["KmsMasterKeyId"]
    assert caller.may("sns:Publish", topic.arn)
    through_the_topic = {"kms:ViaService": f"sns.{REGION}.amazonaws.com"}
    assert caller.may("kms:GenerateDataKey", topic.template.resolve(key), through_the_topic)
