"""The batch transform of a use case, with the model that is live, and its schedule if it has one."""

from __future__ import annotations

from aws_cdk import CfnCondition
from constructs import Construct

from govml.settings.endpoint import BatchSettings
from govml.settings.instance_families import takes_no_key
from govml_constructs.ml.pipeline_schedule import PipelineSchedule
from govml_constructs.serving.batch_transform import BatchTransform
from stacks.environment.context import EnvironmentContext
from stacks.environment.cost_tags import cost_tags
from stacks.foundation.security import SecurityStack


def make_batch(
    stack: Construct,
    *,
    context: EnvironmentContext,
    use_case: str,
    batch: BatchSettings,
    model_name: str,
    data_uri: str,
    security: SecurityStack,
    condition: CfnCondition | None,
) -> None:
    """Make the transform.

    Args:
        stack: the endpoint's stack.
        context: the environment.
        use_case: name of the use case.
        batch: what the agency file says of it.
        model_name: the SageMaker model that is live.
        data_uri: the use case's prefix of the artefact zone, without a slash at the end.
        security: keys, and the queue for starts that failed.
        condition: true once a model is live; None: it always is.
    """
    name = context.names.batch_pipeline(use_case)
    made = BatchTransform(
        stack,
        "Batch",
        name=name,
        use_case=use_case,
        model_name=model_name,
        data_uri=data_uri,
        key=security.ml_key,
        instance_type=batch.instance_type,
        instances=batch.instances,
        disks_take_a_key=not takes_no_key(batch.instance_type),
        job_tags=cost_tags(context, use_case),
        rules=context.role_rules,
        condition=condition,
    )
    if batch.schedule is not None:
        schedule = PipelineSchedule(
            stack,
            "BatchSchedule",
            pipeline_name=name,
            pipeline_arn=made.pipeline.arn,
            expression=batch.schedule,
            key=security.logs_key,
            dead_letters=security.dead_letters,
            rules=context.role_rules,
        )
        schedule.resource.cfn_options.condition = condition
