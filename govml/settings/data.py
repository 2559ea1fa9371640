"""The data layer: which sources come in, how they are queried, and the optional stores beside the lake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainSerializer

from govml.settings.base import ReadOnly, SettingsModel
from govml.settings.imported import RoleArn
from govml.settings.instance_families import InstanceType
from govml.settings.schedule import check_schedule
from govml.settings.values import SourceName


class SourceSettings(SettingsModel):
    """One data source: files of one kind, which come in through one data contract."""

    sweep: Annotated[str, AfterValidator(check_schedule)] = "cron(0 19 * * ? *)"
    """When the raw zone is looked through for files that no event has brought in (UTC); default: 03:00 in Singapore."""

    fetch: Annotated[str, AfterValidator(check_schedule)] | None = None
    """When the publisher's interface is asked for new data (UTC); empty: the agency drops files itself."""

    instance_type: InstanceType = "ml.m5.large"
    """SageMaker instance type of the ingestion job, such as ml.m5.large."""

    volume_gb: Annotated[int, Field(ge=10, le=1000)] = 30
    """Disk of the ingestion job in GB; a file needs about twice its unpacked size."""


class FeatureStoreSettings(SettingsModel):
    """Used when the switch feature_store is on."""

    online: bool = False
    """Also keep the latest features of each entity for look-ups in milliseconds; costs per read and write."""


class WarehouseSettings(SettingsModel):
    """Redshift Serverless; used when the switch warehouse is on."""

    base_capacity_rpu: Annotated[int, Field(ge=8, le=512, multiple_of=8)] = 8
    """Capacity that a query starts with, in Redshift Processing Units: 8 to 512, in steps of 8."""

    max_rpu_hours_per_day: Annotated[int, Field(ge=1, le=24 * 512)] = 24
    """RPU-hours that may be used in a day; beyond them queries are refused until the next day."""


class VectorStoreSettings(SettingsModel):
    """Where embeddings are kept; used when the switch vector_store is on."""

    kind: Literal["s3vectors", "opensearch", "aurora-pgvector"] = "s3vectors"
    """s3vectors (cheapest, no idle cost), opensearch (OpenSearch Serverless), or aurora-pgvector (SQL beside vectors)."""

    dimensions: Annotated[int, Field(ge=2, le=4096)] = 1024
    """Length of a vector: that of the embedding model, such as 1024 for Titan Text Embeddings V2."""

    distance: Literal["cosine", "euclidean"] = "cosine"
    """How nearness is measured; it is that which the embedding model was trained for."""


class DataSettings(SettingsModel):
    """What the data stack makes beside the lake's zones."""

    sources: Annotated[Mapping[SourceName, SourceSettings], AfterValidator(ReadOnly), PlainSerializer(dict)] = Field(
        default_factory=lambda: ReadOnly({})
    )
    """Data sources, each with a folder pipeline_code/data_sources/NAME that holds its contract; a use case's own needs no entry."""

    lake_administrators: Annotated[tuple[RoleArn, ...], Field(strict=False)] = ()
    """ARNs of roles of the account that administer Lake Formation beside the deployment; used when lake_formation is on."""

    query_scan_limit_gb: Annotated[int, Field(ge=1, le=100_000)] = 100
    """Most that one Athena query may scan, in GB; a longer query is cut off."""

    feature_store: FeatureStoreSettings = FeatureStoreSettings()
    """SageMaker Feature Store."""

    warehouse: WarehouseSettings = WarehouseSettings()
    """Redshift Serverless."""

    vector_store: VectorStoreSettings = VectorStoreSettings()
    """Store of embeddings."""
