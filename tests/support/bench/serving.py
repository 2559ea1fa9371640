"""What serves a use case's model."""

from __future__ import annotations

from bench.ground import Ground
from bench.names import RULES, SLUG
from govml_constructs.identity.serving_access import ServingDataPolicy
from govml_constructs.identity.use_case_access import USE_CASE_TAG
from govml_constructs.monitoring.model_monitor import Analyzer, ModelMonitor, QualityPlan
from govml_constructs.serving.async_results import AsyncResults
from govml_constructs.serving.batch_transform import BatchTransform
from govml_constructs.serving.endpoint_plan import AlarmLimits, EndpointPlaces, EndpointPlan, Rollout, Scaling
from govml_constructs.serving.handed_over_model import HandedOverModel
from govml_constructs.serving.release_parameters import ReleaseParameters
from govml_constructs.serving.safe_endpoint import SafeEndpoint


def add_serving(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    artifacts = bench.lake.buckets["artifacts"]
    add(
        ServingDataPolicy(
            stack,
            "ServingData",
            bucket=artifacts,
            read=["released"],
            written=["capture"],
            key=bench.key,
            rules=RULES,
            batch=("batch/input", "batch/output"),
        )
    )
    archive = bench.folder / "model.tar.gz"
    archive.write_bytes(b"a model")
    add(HandedOverModel(stack, "HandedOver", location=str(archive), image="jobs:1"))
    uri = f"s3://{artifacts.bucket_name}/{SLUG}"
    add(AsyncResults(stack, "Results", data_uri=uri, key=bench.key, messages_key=bench.logs_key, concurrency=1))
    parameters = add(ReleaseParameters(stack, "Release", handed_over=None, challenger=True))
    endpoint = add(
        SafeEndpoint(
            stack,
            "Endpoint",
            name="bench-dev-hdb-resale",
            plan=EndpointPlan(
                kind="real-time",
                instance_type="ml.m5.large",
                instances=2,
                scaling=Scaling(most=6, per_instance=1000),
                memory_mb=1024,
                concurrency=1,
                rollout=Rollout("all-at-once", 50, 10, 20),
                limits=AlarmLimits(1.0, 10.0, 500),
                capture_percent=100,
                challenger="ab",
                challenger_percent=10,
            ),
            places=EndpointPlaces(
                subnet_ids=bench.subnet_ids,
                security_group_id=bench.group_id,
                data_uri=uri,
                key=bench.key,
                volume_key=bench.key,
            ),
            parameters=parameters,
            variables={"GOVML_METRICS": "emf"},
            role_arn=bench.role.role_arn,
            results=None,
            alerts=bench.topic,
        )
    )
    add(endpoint.live)
    add(
        BatchTransform(
            stack,
            "Batch",
            name="bench-dev-batch-hdb-resale",
            use_case="hdb_resale",
            model_name=endpoint.live.name,
            data_uri=uri,
            key=bench.key,
            instance_type="ml.m5.large",
            instances=2,
            disks_take_a_key=True,
            job_tags={USE_CASE_TAG: SLUG},
            rules=RULES,
            condition=parameters.has_live,
        )
    )
    add(endpoint.node.find_child("LiveScaling"))
    add(
        ModelMonitor(
            stack,
            "Quality",
            name="bench-dev-quality-hdb-resale",
            plan=QualityPlan(
                endpoint="bench-dev-hdb-resale",
                data_uri=uri,
                statistics="model-monitor/statistics.json",
                constraints="model-monitor/constraints.json",
                record_preprocessor="model-monitor/rows.py",
                reports="monitoring/model-monitor",
                schedule="cron(0 20 ? * * *)",
                instance_type="ml.m5.xlarge",
            ),
            image=add(Analyzer(stack, "Analyzer", accounts={"ap-southeast-1": "245545462676"})).image,
            role_arn=bench.role.role_arn,
            subnet_ids=bench.subnet_ids,
            security_group_id=bench.group_id,
            key=bench.key,
            disks_take_a_key=True,
            notice="Model Monitor is closed to new customers",
            condition=parameters.has_live,
            waits_for=[endpoint.endpoint],
        )
    )
