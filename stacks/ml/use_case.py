"""UseCase: one model: its code, its pipeline, its schedule. Duty: ML engineer."""

from __future__ import annotations

import json
from collections.abc import Mapping

from constructs import Construct

from govml.settings.acceptance import Bound
from govml_constructs.identity.use_case_access import SOURCE_TAG, USE_CASE_TAG
from govml_constructs.ml.code_archive import CodeArchive
from govml_constructs.ml.pipeline_definition import fill, load_definition
from govml_constructs.ml.pipeline_roles import PipelineRoles
from govml_constructs.ml.pipeline_schedule import PipelineSchedule
from govml_constructs.ml.training_pipeline import TrainingPipeline
from stacks.dashboards.jobs import pipeline_graphs
from stacks.dashboards.page import add_page
from stacks.data.data import DataStack
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import REPOSITORY, EnvironmentContext
from stacks.environment.cost_tags import cost_tags, tag_use_case
from stacks.environment.job_code import BUILD_FOLDER, archive_sources, dependency_tag
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack
from stacks.ml.deployment import Deployment
from stacks.ml.feature_store import make_feature_groups, make_feature_pipeline
from stacks.ml.ml_platform import MlPlatformStack
from stacks.ml.side_pipeline import make_side_pipeline


class UseCaseStack(EnvironmentStack):
    """The committed pipeline definition, filled with this environment's network, keys, roles and thresholds."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        use_case: str,
        security: SecurityStack,
        network: NetworkStack,
        data: DataStack,
        platform: MlPlatformStack,
    ) -> None:
        super().__init__(
            scope, construct_id, context=context, description=f"Training pipeline of {use_case} (ML engineer)"
        )
        if platform.tracking is None:
            raise ValueError("a training pipeline needs experiment tracking")
        names, settings = context.names, context.settings.use_cases[use_case]
        definition_path = REPOSITORY / context.settings.definition(use_case)
        registry, slug = platform.registry[use_case], names.slug(use_case)
        tag_use_case(self, slug)
        source = context.settings.source(use_case)
        code = CodeArchive(
            self,
            "Code",
            sources=archive_sources(source, definition_path.parent),
            build_folder=BUILD_FOLDER,
            read=context.read_folders,
        )
        features = make_feature_groups(
            self,
            context=context,
            use_case=use_case,
            data=data,
            key=security.data_key,
        )
        roles = PipelineRoles(
            self,
            "Roles",
            subject=f"the use case {slug}",
            tags={USE_CASE_TAG: slug, SOURCE_TAG: names.slug(source)},
            pipeline_policies=[platform.pipeline_runtime, data.policies.use_case_data],
            job_policies=[
                data.policies.use_case_data,
                *platform.job_policies,
                *([data.policies.tracking_artifacts] if data.policies.tracking_artifacts else []),
            ],
            job_statements=[
                *code.read_statements(),
                *platform.tracking.track_statements(),
                *(features.job_statements() if features else []),
            ],
            rules=context.role_rules,
        )
        deployment = Deployment.of_jobs(
            known={
                "ExecutionRoleArn": roles.job.role_arn,
                "ImageUri": platform.images.repository_uri_for_tag(settings.image_tag or dependency_tag()),
                "CodeUri": code.uri,
                "ArtifactsUri": f"s3://{data.zones['artifacts'].bucket_name}/{slug}",
                "RawDataUri": data.training_data_uri(source),
                "KmsKeyArn": security.ml_key.key_arn,
                "MlflowTrackingUri": platform.tracking.arn,
            },
            texts={
                "CodeFile": code.file_name,
                "ExperimentName": names.pipeline(use_case),
                "RawDataType": "ManifestFile" if context.switches.ingestion else "S3Prefix",
            },
            subnet_ids=network.subnet_ids,
            group_id=network.job_tier.group_id,
        )
        definition = fill(
            load_definition(definition_path),
            values=deployment.values,
            lists=deployment.lists,
            parameters={
                "InstanceType": settings.instance_type,
                "TrainInstanceCount": settings.train_instances,
                "TuningStrategy": settings.tuning.strategy,
                "TuningTrials": settings.tuning.trials,
                "TuningParallelTrials": settings.tuning.parallel_trials,
                "AcceptanceCriteria": _criteria(settings.acceptance),
                "ModelPackageGroupName": registry.name,
            },
        )
        self.pipeline = TrainingPipeline(
            self,
            "Training",
            name=names.pipeline(use_case),
            description=f"Validates, prepares, trains, evaluates and registers {use_case}",
            definition=definition,
            variables=deployment.variables,
            role=roles.pipeline,
            job_tags=cost_tags(context, use_case),
        )
        if features:
            make_feature_pipeline(
                self,
                context=context,
                use_case=use_case,
                deployment=deployment,
                role=roles.pipeline,
                logs_key=security.logs_key,
                dead_letters=security.dead_letters,
            )
        if use_case in context.settings.watched:
            make_side_pipeline(
                self,
                "MonitoringPipeline",
                context=context,
                use_case=use_case,
                folder="monitoring",
                name=names.monitoring_pipeline(use_case),
                description=f"Looks at what the model of {use_case} answered",
                texts={"EndpointName": names.endpoint(use_case)},
                deployment=deployment,
                role=roles.pipeline,
            )
        # The schedule of a watched model goes by the queue of the stack Monitoring, which knows the model to beat.
        if context.switches.pipeline_schedule and use_case not in context.settings.watched:
            PipelineSchedule(
                self,
                "Schedule",
                pipeline_name=self.pipeline.name,
                pipeline_arn=self.pipeline.arn,
                expression=settings.schedule,
                key=security.logs_key,
                dead_letters=security.dead_letters,
                rules=context.role_rules,
            )
        pipelines = [self.pipeline.name]
        if features:
            pipelines.append(names.feature_pipeline(use_case))
        if use_case in context.settings.watched:
            pipelines.append(names.monitoring_pipeline(use_case))
        add_page(
            self,
            f"{slug}-pipelines",
            title=f"Pipelines of {use_case}",
            runbook="docs/operations/pipeline-failed.md",
            graphs=pipeline_graphs(pipelines),
        )


def _criteria(acceptance: Mapping[str, Bound]) -> str:
    """Return acceptance criteria as the pipeline's parameter: JSON on one line, the same text for the same criteria."""
    limits = {metric: bound.as_json() for metric, bound in acceptance.items()}
    return json.dumps(limits, separators=(",", ":"), sort_keys=True)
