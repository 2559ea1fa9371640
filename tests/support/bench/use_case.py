"""What a use case trains with: images, registry, tracking, Studio, features, roles and a pipeline."""

from __future__ import annotations

from typing import Any

from bench.ground import Ground
from bench.names import RULES, SLUG, SOURCE_SLUG
from govml_constructs.identity.feature_zone_access import FeatureZonePolicy
from govml_constructs.identity.use_case_access import SOURCE_TAG, USE_CASE_TAG
from govml_constructs.ml.code_archive import CodeArchive
from govml_constructs.ml.feature_declarations import DeclaredFeature, DeclaredGroup
from govml_constructs.ml.feature_groups import FeatureGroups, FeaturePlaces
from govml_constructs.ml.image_repository import ImageRepository
from govml_constructs.ml.job_access import JobRuntimePolicy, PipelineRuntimePolicy
from govml_constructs.ml.job_network import JobNetworkPolicy
from govml_constructs.ml.model_registry_group import ModelRegistryGroup
from govml_constructs.ml.pipeline_roles import PipelineRoles
from govml_constructs.ml.pipeline_schedule import PipelineSchedule
from govml_constructs.ml.studio_domain import StudioDomain
from govml_constructs.ml.tracking_app import TrackingApp
from govml_constructs.ml.tracking_server import TrackingServer
from govml_constructs.ml.training_pipeline import TrainingPipeline

_FEATURES = (("block_key", "String"), ("event_time", "String"), ("level", "Fractional"), ("sales", "Integral"))
FEATURE_GROUPS = [
    DeclaredGroup(
        name=name,
        version=version,
        description=f"Features of {name}",
        record_identifier="block_key",
        event_time="event_time",
        features=tuple(DeclaredFeature(*feature) for feature in _FEATURES),
        ttl_days=ttl_days,
    )
    for name, version, ttl_days in (("block_history", 2, None), ("market_index", 1, 90))
]
_DEFINITION: dict[str, Any] = {
    "Version": "2020-12-01",
    "Metadata": {},
    "Parameters": [],
    "Steps": [{"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "nothing to do"}}],
}


def add_platform(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    images = add(ImageRepository(stack, "Images", name="bench/jobs", key=bench.key)).repository
    add(ModelRegistryGroup(stack, "Registry", name="bench-dev-hdb-resale", description="prices"))
    bench.job_policy = add(
        JobRuntimePolicy(
            stack,
            "JobRuntime",
            repository_arn=images.repository_arn,
            log_group_arns=[bench.log.log_group_arn],
            volume_keys=[bench.key],
            rules=RULES,
        )
    ).policy
    bench.network_policy = add(
        JobNetworkPolicy(
            stack,
            "JobNetwork",
            subnet_arns=bench.subnet_arns,
            security_group_arns=[bench.group_arn],
            rules=RULES,
        )
    ).policy
    bench.pipeline_policy = add(
        PipelineRuntimePolicy(stack, "PipelineRuntime", registry_prefix="bench-dev-", rules=RULES)
    ).policy
    bench.tracking = add(
        TrackingApp(stack, "Tracking", name="bench-mlflow", artifact_uri="s3://artifacts/mlflow", role=bench.role)
    )
    add(
        TrackingServer(
            stack,
            "TrackingServer",
            name="bench-server",
            size="medium",
            artifact_uri="s3://artifacts/mlflow",
            role=bench.role,
        )
    )
    add(
        StudioDomain(
            stack,
            "Studio",
            name="bench-studio",
            vpc_id=bench.vpc.vpc_id,
            subnet_ids=bench.subnet_ids,
            security_group_id=bench.group_id,
            key=bench.key,
            role=bench.role,
        )
    )


def add_use_case(bench: Ground) -> None:
    stack, add, source = bench.stack, bench.add, bench.folder / "main.py"
    source.write_text("print('hello')\n")
    code = add(CodeArchive(stack, "Code", sources={source: "__main__.py"}, build_folder=bench.folder / "build"))
    zone = add(
        FeatureZonePolicy(stack, "FeatureZone", bucket=bench.lake.buckets["raw"], key=bench.key, rules=RULES)
    ).policy
    features = add(
        FeatureGroups(
            stack,
            "Features",
            prefix="bench-dev-hdb-resale",
            groups=FEATURE_GROUPS,
            places=FeaturePlaces(
                bucket=bench.lake.buckets["raw"], slug=SLUG, database="bench_dev", key=bench.key, online=True
            ),
            zone_policy=zone,
            rules=RULES,
        )
    )
    roles = add(
        PipelineRoles(
            stack,
            "Roles",
            subject=f"the use case {SLUG}",
            tags={USE_CASE_TAG: SLUG, SOURCE_TAG: SOURCE_SLUG},
            pipeline_policies=[bench.pipeline_policy, bench.data_policy],
            job_policies=[bench.data_policy, bench.job_policy, bench.network_policy],
            job_statements=[
                *code.read_statements(),
                *bench.tracking.track_statements(),
                *features.job_statements(),
            ],
            rules=RULES,
        )
    )
    pipeline = add(
        TrainingPipeline(
            stack,
            "Training",
            name="bench-train",
            description="trains",
            definition=_DEFINITION,
            variables={},
            role=roles.pipeline,
            job_tags={USE_CASE_TAG: SLUG},
        )
    )
    add(
        PipelineSchedule(
            stack,
            "Schedule",
            pipeline_name=pipeline.name,
            pipeline_arn=pipeline.arn,
            expression="cron(0 18 1 * ? *)",
            key=bench.logs_key,
            dead_letters=bench.queue,
            rules=RULES,
        )
    )
