"""`TrainingPipeline`: a SageMaker pipeline made from a committed definition."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from govml_constructs.place import place_of
from govml_constructs.service_role import ServiceRole

# A definition in the template may hold 100 kB (facts of AWS::SageMaker::Pipeline); a longer one goes to S3.
_INLINE_LIMIT = 100_000


class TrainingPipeline(Construct):
    """An `AWS::SageMaker::Pipeline` whose definition stands in the template, so that a review shows what runs.

    Args:
        name: physical name; schedules, alarms and the command line start it by name.
        description: what it trains.
        definition: filled definition (see `pipeline_definition.fill`); strings may be CDK tokens.
        role: the pipeline's execution role.
        max_parallel_steps: how many steps may run at once.

    Raises:
        ValueError: when the definition is too long for the template.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        description: str,
        definition: Mapping[str, Any],
        role: ServiceRole,
        max_parallel_steps: int = 4,
    ) -> None:
        super().__init__(scope, construct_id)
        # `to_json_string` gives a token, whose length says nothing
        length = len(json.dumps(definition, separators=(",", ":")))
        if length > _INLINE_LIMIT:
            raise ValueError(f"{self.node.path}: the definition has {length} characters, at most {_INLINE_LIMIT} fit")
        self.resource = sagemaker.CfnPipeline(
            self,
            "Pipeline",
            pipeline_name=name,
            pipeline_description=description,
            pipeline_definition={"PipelineDefinitionBody": Stack.of(self).to_json_string(definition)},
            role_arn=role.role_arn,
            parallelism_configuration={"MaxParallelExecutionSteps": max_parallel_steps},
        )
        self.name = name
        self.arn = place_of(scope).arn("sagemaker", f"pipeline/{name}")
