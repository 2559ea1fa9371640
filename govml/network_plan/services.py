"""The AWS services that the components call, by the short name that AWS gives their interface endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from govml.settings.features import Switches

EndpointService = Literal[
    "s3",
    "kms",
    "logs",
    "monitoring",
    "sts",
    "ecr.api",
    "ecr.dkr",
    "sagemaker.api",
    "sagemaker.runtime",
    "experiments",
    "studio",
    "athena",
    "glue",
    "lakeformation",
    "sagemaker.featurestore-runtime",
    "redshift-data",
    "s3vectors",
    "rds-data",
    "events",
    "bedrock-runtime",
    "codeartifact.api",
    "codeartifact.repositories",
    "cloudformation",
    "ssm",
    "grafana",
    "grafana-workspace",
    "aps-workspaces",
    "xray",
]
"""Every service that some component calls; an agency file names its endpoints so."""

_ALWAYS: tuple[EndpointService, ...] = (
    "s3",
    "kms",
    "logs",
    "monitoring",
    "sts",
    "ecr.api",
    "ecr.dkr",
    "sagemaker.api",
    "sagemaker.runtime",
)
_BY_SWITCH: Mapping[str, tuple[EndpointService, ...]] = MappingProxyType(
    {
        "experiment_tracking": ("experiments",),
        "studio": ("studio",),
        "catalogue": ("athena", "glue"),
        "lake_formation": ("lakeformation",),
        "feature_store": ("sagemaker.featurestore-runtime",),
        "warehouse": ("redshift-data",),
        "ai_service": ("bedrock-runtime",),
        "managed_prometheus": ("aps-workspaces",),
        "tracing": ("xray",),
        "cicd": ("codeartifact.api", "codeartifact.repositories", "cloudformation", "ssm"),
    }
)
# OpenSearch Serverless makes its endpoint itself, in the same stack as the collection.
_BY_VECTOR_STORE: Mapping[str, tuple[EndpointService, ...]] = MappingProxyType(
    {"s3vectors": ("s3vectors",), "aurora-pgvector": ("rds-data",), "opensearch": ()}
)
# SageMaker's web applications are spelt the other way round (PrivateLink guide, "AWS services that integrate with
# AWS PrivateLink").
_OTHERWISE_SPELT = frozenset({"experiments", "studio"})


GRAFANA: tuple[EndpointService, ...] = ("grafana", "grafana-workspace")
"""What the workspace of Grafana and the function that publishes its dashboards need, in the environment that has it."""


def endpoint_services(switches: Switches, vector_store: str) -> list[EndpointService]:
    """Return the services that the chosen components call, in a fixed order; each endpoint costs money in every zone.

    Args:
        switches: the components.
        vector_store: kind of the vector store, which counts when its switch is on.
    """
    chosen: list[EndpointService] = [
        name for switch, names in _BY_SWITCH.items() if getattr(switches, switch) for name in names
    ]
    return [*_ALWAYS, *chosen, *(_BY_VECTOR_STORE[vector_store] if switches.vector_store else ())]


def service_name(service: EndpointService, region: str) -> str:
    """Return the short name as the PrivateEndpoints construct takes it: a whole one for the services spelt otherwise."""
    return f"aws.sagemaker.{region}.{service}" if service in _OTHERWISE_SPELT else service
