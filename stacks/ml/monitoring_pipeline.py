"""The pipeline in which the drift engine looks at a served model."""

from __future__ import annotations

from constructs import Construct

from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.ml.pipeline_definition import fill, load_definition
from govml_constructs.ml.training_pipeline import TrainingPipeline
from stacks.environment.context import EnvironmentContext
from stacks.environment.cost_tags import cost_tags
from stacks.environment.job_code import PIPELINE_CODE
from stacks.ml.deployment import Deployment

_DEFINITION = PIPELINE_CODE / "pipelines" / "monitoring" / "definition.json"


def make_monitoring_pipeline(
    stack: Construct, *, context: EnvironmentContext, use_case: str, deployment: Deployment, role: ServiceRole
) -> None:
    """Make the pipeline in which the drift engine looks at the model of a use case, with the rights of its other jobs."""
    names, settings = context.names, context.settings.use_cases[use_case]
    definition = fill(
        load_definition(_DEFINITION),
        values={**deployment.values, "UseCase": use_case, "EndpointName": names.endpoint(use_case)},
        lists=deployment.lists,
        parameters={"InstanceType": settings.instance_type},
    )
    TrainingPipeline(
        stack,
        "MonitoringPipeline",
        name=names.monitoring_pipeline(use_case),
        description=f"Looks at what the model of {use_case} answered",
        definition=definition,
        variables=deployment.used_by(definition),
        role=role,
        job_tags=cost_tags(context, use_case),
        max_parallel_steps=1,
    )
