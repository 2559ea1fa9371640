"""A pipeline that a use case has beside its training: one job after another, with the rights of its other jobs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from constructs import Construct

from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.ml.pipeline_definition import fill, load_definition
from govml_constructs.ml.training_pipeline import TrainingPipeline
from stacks.environment.context import EnvironmentContext
from stacks.environment.cost_tags import cost_tags
from stacks.environment.job_code import PIPELINE_CODE
from stacks.ml.deployment import Deployment


def make_side_pipeline(
    stack: Construct,
    construct_id: str,
    *,
    context: EnvironmentContext,
    use_case: str,
    folder: str,
    name: str,
    description: str,
    texts: Mapping[str, str],
    deployment: Deployment,
    role: ServiceRole,
) -> TrainingPipeline:
    """Make the pipeline.

    Args:
        stack: the use case's stack.
        construct_id: id of the pipeline.
        context: the environment.
        use_case: name of the use case, whose instance type the jobs have.
        folder: folder below `pipeline_code/pipelines/` with the committed definition.
        name: name of the pipeline.
        description: what it does, for the console.
        texts: placeholder -> text, beyond what every job of the use case is filled with.
        deployment: what every job of the use case is filled with.
        role: role of the use case's pipelines.
    """
    definition = fill(
        load_definition(_committed(folder)),
        values={**deployment.values, "UseCase": use_case, **texts},
        lists=deployment.lists,
        parameters={"InstanceType": context.settings.use_cases[use_case].instance_type},
    )
    return TrainingPipeline(
        stack,
        construct_id,
        name=name,
        description=description,
        definition=definition,
        variables=deployment.used_by(definition),
        role=role,
        job_tags=cost_tags(context, use_case),
        max_parallel_steps=1,
    )


def _committed(folder: str) -> Path:
    return PIPELINE_CODE / "pipelines" / folder / "definition.json"
