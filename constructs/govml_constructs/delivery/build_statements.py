"""IAM statements of continuous delivery: what a deployment and the pipeline itself may do."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.statements import publish_to
from govml_constructs.place import Place


def deploy_statements(place: Place, qualifier: str) -> list[Statement]:
    """Return the right to assume the two roles of `cdk bootstrap` that a deployment of a ready assembly uses."""
    roles = [
        place.arn("iam", f"role/cdk-{qualifier}-{kind}-role-{place.account}-{place.region}", region="")
        for kind in ("deploy", "file-publishing")
    ]
    return [Statement(sid="AssumeBootstrapRoles", actions=["sts:AssumeRole"], resources=roles)]


def orchestrate_statements(
    connection_arn: str, project_arns: Sequence[str], topic_arn: str, topic_key_arn: str
) -> list[Statement]:
    """Return what the pipeline itself does: fetch the source, start builds, ask for approval at an encrypted topic."""
    return [
        Statement(
            sid="FetchSource",
            actions=["codeconnections:UseConnection", "codestar-connections:UseConnection"],
            resources=[connection_arn],
        ),
        Statement(
            sid="StartBuilds",
            actions=["codebuild:StartBuild", "codebuild:BatchGetBuilds", "codebuild:StopBuild"],
            resources=list(project_arns),
        ),
        *publish_to(topic_arn, topic_key_arn),
    ]
