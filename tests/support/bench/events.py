"""What events start: ingestion, releases and retraining."""

from __future__ import annotations

from pathlib import Path

from bench.ground import Ground
from bench.names import RULES, SLUG, SOURCE_SLUG
from govml_constructs.identity.source_access import table_statements
from govml_constructs.identity.use_case_access import SOURCE_TAG
from govml_constructs.ingestion_trigger import IngestionTrigger
from govml_constructs.ml.pipeline_roles import PipelineRoles
from govml_constructs.place import place_of
from govml_constructs.release.release_scope import ReleasedUseCase, ReleaseScope
from govml_constructs.release.release_trigger import ReleaseCode, ReleaseTrigger
from govml_constructs.release.sign_off_policy import SignOffPolicy
from govml_constructs.retraining import FeedbackPolicy, RetrainingSchedule, RetrainingTrigger, WatchedUseCase


def add_ingestion(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    for construct_id, policy, statements in (
        (
            "IngestRoles",
            bench.source_policy,
            table_statements(place_of(stack), database="bench_dev", table="resale_prices"),
        ),
        ("FetchRoles", bench.fetch_policy, []),
    ):
        add(
            PipelineRoles(
                stack,
                construct_id,
                subject=f"the data source {SOURCE_SLUG}",
                tags={SOURCE_TAG: SOURCE_SLUG},
                pipeline_policies=[bench.pipeline_policy],
                job_policies=[policy, bench.job_policy, bench.network_policy],
                job_statements=statements,
                rules=RULES,
            )
        )
    trigger = add(
        IngestionTrigger(
            stack,
            "Trigger",
            bucket_name=bench.bucket.bucket_name,
            pipelines={SOURCE_SLUG: place_of(stack).arn("sagemaker", "pipeline/bench-dev-ingest-resale-prices")},
            log_group=bench.log,
            key=bench.logs_key,
            failures=bench.topic,
            rules=RULES,
        )
    )
    add(trigger.node.find_child("Default"))


def add_releases(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    place = place_of(stack)
    reach = ReleaseScope(
        place=place,
        prefix="bench-dev",
        use_cases={
            SLUG: ReleasedUseCase(
                group=f"bench-dev-{SLUG}", stack=f"bench-dev-Serving-{SLUG}", consumers=("HousingApp",)
            )
        },
        artifacts_arn=place.arn("s3", "bench-artifacts", region="", account=""),
        evidence_arn=place.arn("s3", "bench-evidence", region="", account=""),
        model_keys=(bench.key.key_arn,),
        repository_arn=place.arn("ecr", "repository/bench-dev-jobs"),
    )
    add(
        ReleaseTrigger(
            stack,
            "Releases",
            reach=reach,
            code=ReleaseCode(
                sources={Path(__file__): "handler.py"},
                handler="handler.handle",
                build_folder=bench.folder / "function",
            ),
            environment={"PREFIX": "bench-dev"},
            queue_name="bench-dev-release",
            log_group=bench.log,
            key=bench.logs_key,
            alerts=bench.topic,
            rules=RULES,
        )
    )
    add(SignOffPolicy(stack, "SignOff", reach=reach, slug=SLUG, consumer="HousingApp", path=RULES.path))


def add_retraining(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    retraining = add(
        RetrainingTrigger(
            stack,
            "Retraining",
            prefix="bench-dev",
            use_cases={
                "resale-prices": WatchedUseCase(
                    slug="resale-prices",
                    pipeline="bench-dev-resale-prices",
                    drift_alarm="bench-dev-resale-prices-drift",
                    feed_alarm="bench-dev-resale-prices-feed",
                    mode="automatic",
                    cool_down_days=14,
                    live_model="/govml/bench/dev/serving/resale-prices/live-model",
                    monitor="bench-dev-monitor-resale-prices",
                    data=f"s3://{bench.bucket.bucket_name}/resale-prices",
                    endpoint="bench-dev-resale-prices",
                    quality_schedule=place_of(stack).arn(
                        "sagemaker", "monitoring-schedule/bench-dev-quality-resale-prices"
                    ),
                )
            },
            queue_name="bench-dev-retraining",
            log_group=bench.log,
            key=bench.logs_key,
            alerts=bench.topic,
            evidence=bench.evidence,
            store=bench.bucket.bucket_name,
            store_key=bench.key,
            rules=RULES,
            build_folder=bench.folder / "retraining",
        )
    )
    add(
        FeedbackPolicy(
            stack,
            "Feedback",
            bucket=bench.bucket,
            key=bench.key,
            slug="resale-prices",
            folder="feedback",
            path=RULES.path,
        )
    )
    add(
        RetrainingSchedule(
            stack,
            "RetrainingSchedule",
            schedules={"resale-prices": "cron(0 18 1 * ? *)"},
            looks={"resale-prices": "cron(0 20 * * ? *)"},
            queue=retraining.queue,
            key=bench.logs_key,
            dead_letters=bench.queue,
            rules=RULES,
        )
    )
