"""Requests that moto would misunderstand, rewritten before it gets them. Each says what moto does without it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from govml.local.emulator.account import client
from govml.local.emulator.backends import moto
from govml.local.emulator.backends.errors import ApiError

Parameters = dict[str, Any]


def inline_pipeline_definition(parameters: Parameters) -> Parameters:
    """Fetch a definition given by its S3 location (moto would look into its own S3, which is empty)."""
    location = parameters.pop("PipelineDefinitionS3Location", None)
    if location:
        version = {"VersionId": location["VersionId"]} if "VersionId" in location else {}
        item = client("s3").get_object(Bucket=location["Bucket"], Key=location["ObjectKey"], **version)
        parameters["PipelineDefinition"] = item["Body"].read().decode()
    if "PipelineDefinition" in parameters:
        json.loads(parameters["PipelineDefinition"])
    return parameters


def refuse_duplicate_group(parameters: Parameters) -> Parameters:
    """Refuse a model package group whose name is taken (moto would silently empty the existing one)."""
    if parameters["ModelPackageGroupName"] in moto.backend("sagemaker").model_package_groups:
        raise ApiError("ValidationException", "Model Package Group already exists.")
    return parameters


def with_tags(parameters: Parameters) -> Parameters:
    """Send an empty list of tags instead of none (moto would fail when the tags are listed)."""
    return {"Tags": [], **parameters}


def mirror_pipeline_role(parameters: Parameters) -> Parameters:
    """Check that CodePipeline may assume the role, and make it known to moto's IAM, where moto looks for it."""
    arn = parameters["pipeline"]["roleArn"]
    role = client("iam").get_role(RoleName=arn.rpartition("/")[2])["Role"]
    services = [
        service
        for statement in role["AssumeRolePolicyDocument"]["Statement"]
        for service in [statement.get("Principal", {}).get("Service", [])]
    ]
    if not any("codepipeline.amazonaws.com" in ([names] if isinstance(names, str) else names) for names in services):
        raise ApiError("InvalidStructureException", f"CodePipeline is not authorized to perform AssumeRole on {arn}")
    iam = moto.backend("iam")
    if all(known.arn != arn for known in iam.roles.values()):
        statement = {"Effect": "Allow", "Principal": {"Service": "codepipeline.amazonaws.com"}}
        trust = json.dumps({"Statement": [{**statement, "Action": "sts:AssumeRole"}]})
        iam.create_role(role["RoleName"], trust, role["Path"], None, "", [], "3600")
    return parameters


REWRITES: dict[tuple[str, str], Callable[[Parameters], Parameters]] = {
    ("sagemaker", "create_pipeline"): inline_pipeline_definition,
    ("sagemaker", "update_pipeline"): inline_pipeline_definition,
    ("sagemaker", "create_model_package_group"): refuse_duplicate_group,
    ("sagemaker", "create_domain"): with_tags,
    ("codepipeline", "create_pipeline"): mirror_pipeline_role,
    ("codepipeline", "update_pipeline"): mirror_pipeline_role,
}
