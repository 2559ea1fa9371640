"""A use case's feature store: its groups, and the pipeline that writes them."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.ml.feature_declarations import load_feature_groups
from govml_constructs.ml.feature_groups import FeatureGroups, FeaturePlaces
from govml_constructs.ml.pipeline_schedule import PipelineSchedule
from stacks.data.data import DataStack
from stacks.environment.context import REPOSITORY, EnvironmentContext
from stacks.ml.deployment import Deployment
from stacks.ml.side_pipeline import make_side_pipeline


def declared_features(context: EnvironmentContext, use_case: str) -> Path | None:
    """Return the file with the feature groups that a use case's code declares; None without any, or with the switch off."""
    path = (REPOSITORY / context.settings.definition(use_case)).with_name("feature_groups.json")
    return path if context.switches.feature_store and path.is_file() else None


def feature_pipelines(context: EnvironmentContext) -> list[str]:
    """Return the names of the pipelines that write feature groups."""
    declaring = [use_case for use_case in context.settings.use_cases if declared_features(context, use_case)]
    return [context.names.feature_pipeline(use_case) for use_case in declaring]


def make_feature_groups(
    stack: Construct, *, context: EnvironmentContext, use_case: str, data: DataStack, key: kms.IKey
) -> FeatureGroups | None:
    """Make the feature groups that a use case's code declares; None where it declares none, or the switch is off.

    Args:
        stack: where they are made.
        context: the environment.
        use_case: the use case.
        data: its feature zone keeps the tables' files; the same stack makes the database, before this one is deployed.
        key: key of the data.
    """
    declared = declared_features(context, use_case)
    if data.policies.feature_zone is None or declared is None:
        return None
    names = context.names
    made = FeatureGroups(
        stack,
        "Features",
        prefix=names.resource(use_case),
        groups=load_feature_groups(declared),
        places=FeaturePlaces(
            bucket=data.zones["features"],
            slug=names.slug(use_case),
            database=names.database(),
            key=key,
            online=context.settings.data.feature_store.online,
        ),
        zone_policy=data.policies.feature_zone,
        rules=context.role_rules,
        removal_policy=context.removal_policy,
    )
    if data.formation is not None:
        made.wait_for(data.formation.let_make_tables(stack, "FeatureTables", made.role_arn))
    return made


def make_feature_pipeline(
    stack: Construct,
    *,
    context: EnvironmentContext,
    use_case: str,
    deployment: Deployment,
    role: ServiceRole,
    logs_key: kms.IKey,
    dead_letters: sqs.IQueue,
) -> None:
    """Make the pipeline that writes the groups, and with schedules on, its schedule: that of the use case's training."""
    names = context.names
    pipeline = make_side_pipeline(
        stack,
        "FeaturePipeline",
        context=context,
        use_case=use_case,
        folder="features",
        name=names.feature_pipeline(use_case),
        description=f"Writes the feature groups of {use_case}",
        texts={"FeatureGroupPrefix": names.resource(use_case)},
        deployment=deployment,
        role=role,
    )
    if context.switches.pipeline_schedule:
        PipelineSchedule(
            stack,
            "FeatureSchedule",
            pipeline_name=pipeline.name,
            pipeline_arn=pipeline.arn,
            expression=context.settings.use_cases[use_case].schedule,
            key=logs_key,
            dead_letters=dead_letters,
            rules=context.role_rules,
        )
