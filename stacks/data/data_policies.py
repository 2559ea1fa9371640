"""The policies of whoever works with the lake's data; roles of other stacks take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml.settings.names import Names
from govml_constructs.identity.customer_policy import CustomerPolicy
from govml_constructs.identity.feature_zone_access import FeatureZonePolicy
from govml_constructs.identity.serving_access import ServingDataPolicy
from govml_constructs.identity.source_access import SourceDataPolicy, SourceFetchPolicy
from govml_constructs.identity.tracking_access import TrackingArtifactPolicy
from govml_constructs.identity.use_case_access import UseCaseDataPolicy
from stacks.environment.context import EnvironmentContext
from stacks.foundation.security import SecurityStack

TRACKING_PREFIX = "mlflow"
"""Prefix of the artefact zone that MLflow keeps."""
TRAINING_FOLDERS = ("table", "manifests")
"""What of a curated source a model is trained on: neither quarantine, nor history, nor reports."""


@dataclass(frozen=True)
class DataPolicies:
    """The policies; None where the component that they are for is off.

    Args:
        use_case_data: jobs of a use case: what they train on, and their own prefix of the artefact zone.
        feature_zone: whoever writes feature groups.
        serving_data: endpoints: their model, and what they capture.
        tracking_artifacts: jobs that keep artefacts with MLflow.
        source_data: jobs that take delivered files into a curated table.
        source_fetch: jobs that fetch a source into the raw zone.
    """

    use_case_data: CustomerPolicy
    feature_zone: CustomerPolicy | None
    serving_data: CustomerPolicy | None
    tracking_artifacts: CustomerPolicy | None
    source_data: CustomerPolicy | None
    source_fetch: CustomerPolicy | None


def make_data_policies(
    stack: Construct, *, context: EnvironmentContext, zones: Mapping[str, s3.IBucket], security: SecurityStack
) -> DataPolicies:
    """Make the policies that the environment's components need.

    Args:
        stack: where they are made.
        context: the environment.
        zones: `raw`, `curated`, `features` and `artifacts` -> bucket.
        security: keys of the data domains.
    """
    switches, settings, rules = context.switches, context.settings, context.role_rules
    raw, curated, features, artifacts = (zones[name] for name in ("raw", "curated", "features", "artifacts"))
    data_key, ml_key = security.data_key, security.ml_key
    use_case_data = UseCaseDataPolicy(
        stack,
        "UseCaseData",
        readable=[*([] if switches.ingestion else [raw]), *([features] if switches.feature_store else [])],
        source_data={curated: TRAINING_FOLDERS} if switches.ingestion else {raw: [""]},
        writable=[artifacts],
        keys=[data_key, ml_key],
        rules=rules,
    )
    feature_zone = (
        FeatureZonePolicy(stack, "FeatureZone", bucket=features, key=data_key, rules=rules)
        if switches.feature_store
        else None
    )
    serving_data = (
        ServingDataPolicy(
            stack,
            "ServingData",
            bucket=artifacts,
            read=[Names.RELEASED_FOLDER, *(Names.ASYNCHRONOUS_REQUESTS if settings.asynchronous else ())],
            written=[Names.CAPTURE_FOLDER, *(Names.ASYNCHRONOUS_RESULTS if settings.asynchronous else ())],
            batch=(Names.BATCH_INPUT, Names.BATCH_OUTPUT) if settings.batched else None,
            key=ml_key,
            rules=rules,
        )
        if settings.served
        else None
    )
    tracking_artifacts = (
        TrackingArtifactPolicy(stack, "TrackingArtifacts", bucket=artifacts, prefix=TRACKING_PREFIX, rules=rules)
        if switches.experiment_tracking
        else None
    )
    source_data = (
        SourceDataPolicy(stack, "SourceData", raw=raw, curated=curated, keys=[data_key], rules=rules)
        if switches.ingestion
        else None
    )
    source_fetch = (
        SourceFetchPolicy(stack, "SourceFetch", raw=raw, keys=[data_key], rules=rules)
        if settings.fetched_sources
        else None
    )
    return DataPolicies(
        use_case_data=use_case_data.policy,
        feature_zone=feature_zone.policy if feature_zone else None,
        serving_data=serving_data.policy if serving_data else None,
        tracking_artifacts=tracking_artifacts.policy if tracking_artifacts else None,
        source_data=source_data.policy if source_data else None,
        source_fetch=source_fetch.policy if source_fetch else None,
    )
