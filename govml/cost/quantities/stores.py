"""Stores that scale by themselves: what stands is their least capacity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from govml.cost.line import Use
from govml.cost.template_values import Template, number
from govml.cost.usage import Usage

_CLUSTER, _SEARCH = "AWS::RDS::DBCluster", "AWS::OpenSearchServerless::CollectionGroup"
_WAREHOUSE, _FEATURES = "AWS::RedshiftServerless::Workgroup", "AWS::SageMaker::FeatureGroup"


def aurora_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield the least capacity of Aurora Serverless v2, and what is stored and read."""
    capacity = properties.get("ServerlessV2ScalingConfiguration", {}).get("MinCapacity", 0)
    yield Use(_CLUSTER, "acu", Decimal(str(capacity)))
    yield Use(_CLUSTER, "stored")
    yield Use(_CLUSTER, "io")


def database_instance_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield the instance by its class; that of a serverless cluster is free."""
    yield Use("AWS::RDS::DBInstance", str(properties.get("DBInstanceClass")))


def search_group_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield the least capacity for indexing and for searching together."""
    limits = properties.get("CapacityLimits", {})
    least = [number(limits.get(name, 0), name) for name in ("MinIndexingCapacityInOcu", "MinSearchCapacityInOcu")]
    yield Use(_SEARCH, "ocu", Decimal(sum(least)))


def warehouse_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield an hour of queries at the base capacity; a warehouse that nobody asks costs nothing."""
    capacity = number(properties.get("BaseCapacity", 128), "the base capacity")  # Redshift Serverless' default
    yield Use(_WAREHOUSE, "rpu", Decimal(capacity), meter="hour of queries")


def feature_group_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield the online store where it is on; the offline store is the bucket's."""
    if properties.get("OnlineStoreConfig", {}).get("EnableOnlineStore") in (True, "true"):
        for item in ("writes", "reads", "stored"):
            yield Use(_FEATURES, item)


def tracking_server_uses(_: str, properties: Mapping[str, Any], __: Template, ___: Usage) -> Iterator[Use]:
    """Yield the server by its size."""
    yield Use("AWS::SageMaker::MlflowTrackingServer", str(properties.get("TrackingServerSize", "Small")))
