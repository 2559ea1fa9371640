"""`TrainingPipeline`: a SageMaker pipeline made from a committed definition."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.ml.pipeline_definition import tag_jobs
from govml_constructs.place import PlacedConstruct, place_of

# A definition in the template may hold 100 kB (facts of AWS::SageMaker::Pipeline); a longer one goes to S3.
_INLINE_LIMIT = 100_000


class TrainingPipeline(PlacedConstruct):
    """An `AWS::SageMaker::Pipeline` whose definition stands in the template, so that a review shows what runs.

    Args:
        name: physical name; schedules, alarms and the command line start it by name.
        description: what it trains.
        definition: filled definition (see `pipeline_definition.fill`), in which `${Name}` stands for a variable.
        variables: what only the deployment knows: name -> value (may be a CDK token).
        role: the pipeline's execution role.
        job_tags: tag key -> value of every job that it starts, for cost allocation: jobs do not take their pipeline's tags.
        max_parallel_steps: how many steps may run at once.

    Raises:
        ValueError: when the definition is too long for the template, or names an unknown variable.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        description: str,
        definition: Mapping[str, Any],
        variables: Mapping[str, str],
        role: ServiceRole,
        job_tags: Mapping[str, str],
        max_parallel_steps: int = 4,
    ) -> None:
        super().__init__(scope, construct_id)
        body = json.dumps(tag_jobs(definition, job_tags), separators=(",", ":"))
        if len(body) > _INLINE_LIMIT:
            raise ValueError(
                f"{self.node.path}: the definition has {len(body)} characters, at most {_INLINE_LIMIT} fit"
            )
        unknown = set(re.findall(r"\$\{([^}]*)\}", body)) - set(variables)
        if unknown:
            raise ValueError(f"{self.node.path}: the definition names unknown variables: {', '.join(sorted(unknown))}")
        self.resource = sagemaker.CfnPipeline(
            self,
            "Pipeline",
            pipeline_name=name,
            pipeline_description=description,
            # One text with named variables: a reviewer can read it, and CDK resolves each token once instead of at
            # every place (a definition names its key and subnets dozens of times).
            pipeline_definition={"PipelineDefinitionBody": {"Fn::Sub": [body, dict(variables)]}},
            role_arn=role.role_arn,
            parallelism_configuration={"MaxParallelExecutionSteps": max_parallel_steps},
        )
        self.name = name
        self.arn = place_of(scope).arn("sagemaker", f"pipeline/{name}")
