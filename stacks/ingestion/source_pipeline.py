"""The pipeline in which a job about a data source runs: roles, definition, schedule."""

from __future__ import annotations

from constructs import Construct

from govml.settings.data import SourceSettings
from govml_constructs.identity.use_case_access import SOURCE_TAG
from govml_constructs.ml.code_archive import CodeArchive
from govml_constructs.ml.pipeline_definition import fill, load_definition
from govml_constructs.ml.pipeline_roles import PipelineRoles
from govml_constructs.ml.pipeline_schedule import PipelineSchedule
from govml_constructs.ml.training_pipeline import TrainingPipeline
from stacks.environment.context import EnvironmentContext
from stacks.environment.cost_tags import cost_tags
from stacks.environment.job_code import dependency_tag
from stacks.foundation.security import SecurityStack
from stacks.ingestion.source_job import SourceJob
from stacks.ml.deployment import Deployment
from stacks.ml.ml_platform import MlPlatformStack


def make_source_pipeline(
    part: Construct,
    job: SourceJob,
    *,
    context: EnvironmentContext,
    code: CodeArchive,
    settings: SourceSettings,
    security: SecurityStack,
    platform: MlPlatformStack,
) -> tuple[PipelineRoles, TrainingPipeline]:
    """Make the pipeline of a job, with the roles that are its own.

    Args:
        part: the part of the stack that is about the source.
        job: what runs in it.
        context: the environment.
        code: the archive with the job's code.
        settings: what the agency file says of the source.
        security: keys, and the queue for starts that failed.
        platform: image, and the policy of pipelines.
    """
    slug, prefix = context.names.slug(job.texts["DataSource"]), job.prefix
    roles = PipelineRoles(
        part,
        f"{prefix}Roles",
        subject=f"the data source {slug}",
        tags={SOURCE_TAG: slug},
        pipeline_policies=[platform.pipeline_runtime],
        job_policies=job.policies,
        job_statements=[*code.read_statements(), *job.statements],
        rules=context.role_rules,
    )
    deployment = Deployment.of_jobs(
        known={
            "ExecutionRoleArn": roles.job.role_arn,
            "ImageUri": platform.images.repository_uri_for_tag(dependency_tag()),
            "CodeUri": code.uri,
            "KmsKeyArn": security.ml_key.key_arn,
            **job.values,
        },
        texts={"CodeFile": code.file_name, **job.texts},
        subnet_ids=job.subnet_ids,
        group_id=job.group_id,
    )
    pipeline = TrainingPipeline(
        part,
        f"{prefix}Pipeline",
        name=job.name,
        description=job.purpose,
        definition=fill(
            load_definition(job.definition),
            values=deployment.values,
            lists=deployment.lists,
            parameters={"InstanceType": settings.instance_type, "VolumeSizeInGB": settings.volume_gb},
        ),
        variables=deployment.variables,
        role=roles.pipeline,
        job_tags=cost_tags(context),
        max_parallel_steps=1,
    )
    PipelineSchedule(
        part,
        f"{prefix}Schedule",
        pipeline_name=pipeline.name,
        pipeline_arn=pipeline.arn,
        expression=job.schedule,
        key=security.logs_key,
        dead_letters=security.dead_letters,
        rules=context.role_rules,
    )
    return roles, pipeline
