"""The tags that costs are split by: of an environment, and of a use case in it."""

from __future__ import annotations

from aws_cdk import Stack, Tags

from govml_constructs.identity.use_case_access import USE_CASE_TAG
from stacks.environment.context import EnvironmentContext

PROJECT_TAG, ENVIRONMENT_TAG = "Project-Code", "Environment"


def cost_tags(context: EnvironmentContext, use_case: str | None = None) -> dict[str, str]:
    """Return the cost allocation tags of an environment, or of a use case in it."""
    tags = {PROJECT_TAG: context.settings.project_code, ENVIRONMENT_TAG: context.environment_name}
    return tags | ({USE_CASE_TAG: context.names.slug(use_case)} if use_case else {})


def tag_use_case(stack: Stack, slug: str) -> None:
    """Tag what a use case's stack is billed for.

    Roles cost nothing, and there the tag says whose data a role may reach: they are tagged one by one, never from here.
    """
    Tags.of(stack).add(USE_CASE_TAG, slug, exclude_resource_types=["AWS::IAM::Role", "aws:cdk:stack"])
