"""Which resources hold data and which move it, what people call them, and in which lane of the picture they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from govml.lineage.estate import Part

LANES = ("delivered", "taken in", "curated", "features and stores", "trained", "registered and served")


@dataclass(frozen=True)
class Kind:
    """One kind of resource in the picture.

    Args:
        noun: what it is.
        holds: it holds data; otherwise it moves data.
        name: property that names it.
        lane: number of its lane, see `LANES`.
        arn: how an ARN names it, with `{}` for its name; None: ARNs refer to the resource itself.
    """

    noun: str
    holds: bool
    name: str = ""
    lane: int = 0
    arn: str | None = None


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "AWS::S3::Bucket": Kind("zone", holds=True),
        "AWS::SQS::Queue": Kind("queue", holds=True, lane=1),
        "AWS::Glue::Table": Kind("table", holds=True, name="Name", lane=2, arn="table/{database}/{}"),
        "AWS::SageMaker::FeatureGroup": Kind(
            "feature group", holds=True, name="FeatureGroupName", lane=3, arn="feature-group/{}"
        ),
        "AWS::S3Vectors::Index": Kind("vector index", holds=True, name="IndexName", lane=3),
        "AWS::OpenSearchServerless::Collection": Kind("vector collection", holds=True, name="Name", lane=3),
        "AWS::RDS::DBCluster": Kind("vector database", holds=True, lane=3),
        "AWS::RedshiftServerless::Namespace": Kind("warehouse", holds=True, name="NamespaceName", lane=3),
        "AWS::SageMaker::ModelPackageGroup": Kind(
            "model registry", holds=True, name="ModelPackageGroupName", lane=5, arn="model-package-group/{}"
        ),
        "AWS::SageMaker::MlflowApp": Kind("experiments", holds=True, name="Name", lane=5),
        "AWS::SageMaker::MlflowTrackingServer": Kind("experiments", holds=True, name="TrackingServerName", lane=5),
        "AWS::SageMaker::Pipeline": Kind("pipeline", holds=False, name="PipelineName", lane=4, arn="pipeline/{}"),
        "AWS::SageMaker::Endpoint": Kind("endpoint", holds=False, name="EndpointName", lane=5),
        "AWS::Lambda::Function": Kind("function", holds=False, lane=1),
        "AWS::Athena::WorkGroup": Kind("queries", holds=False, name="Name", lane=3),
    }
)
_ZONE_LANES = {"raw": 0, "curated": 2, "features": 3, "artifacts": 5}


def zone_of(part: Part) -> str | None:
    """Return which of the lake's zones a bucket is, or None: other buckets hold logs and evidence, not data."""
    path = part.id.split("/", 1)[1]
    return next((zone for zone in _ZONE_LANES if path.startswith(f"Lake{zone.title()}")), None)


def lane_of(part: Part, kind: Kind, *, moves_into: Callable[[str], bool]) -> int:
    """Return the number of a resource's lane.

    Args:
        part: the resource.
        kind: its kind.
        moves_into: whether it writes into a lake zone.
    """
    if (zone := zone_of(part)) is not None:
        return _ZONE_LANES[zone]
    if part.type == "AWS::SageMaker::Pipeline" and (moves_into("curated") or moves_into("raw")):
        return 1
    return kind.lane
