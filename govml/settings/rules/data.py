"""Rules between the data layer's keys and the rest of the agency file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile

_SWITCHES = frozenset({"maturity", "features"})
# pgvector's README, "HNSW": an index of type `vector` has up to 2,000 dimensions.
_PGVECTOR_INDEXED = 2000


def ingestion_needs_catalogue(settings: AgencyFile) -> Iterator[Finding]:
    """Curated tables are names in the catalogue."""
    if settings.switches.ingestion and not settings.switches.catalogue:
        yield Finding(
            ("features", "ingestion"),
            "ingestion is on, but catalogue is off: curated tables have no place to be named",
            "turn features.catalogue on, or features.ingestion off",
        )


def fetching_needs_a_way_out(settings: AgencyFile) -> Iterator[Finding]:
    """A publisher's interface is on the internet."""
    fetched = [name for name, source in settings.data.sources.items() if source.fetch is not None]
    if fetched and settings.network.internet == "none":
        yield Finding(
            ("data", "sources", fetched[0], "fetch"),
            "network.internet is none: there is no way to the publisher",
            "set network.internet to filtered with the publisher's domain allowed, or drop files into the raw zone",
        )


def catalogue_is_needed_by(settings: AgencyFile) -> Iterator[Finding]:
    """What names tables needs the catalogue."""
    for switch in ("lake_formation", "feature_store"):
        if getattr(settings.switches, switch) and not settings.switches.catalogue:
            yield Finding(
                ("features", switch),
                f"{switch} is on, but catalogue is off: there are no tables",
                f"turn features.catalogue on, or features.{switch} off",
            )


def warehouse_needs_three_zones(settings: AgencyFile) -> Iterator[Finding]:
    """With enhanced VPC routing Redshift Serverless wants subnets in three zones ("Considerations when using Amazon
    Redshift Serverless", Redshift management guide)."""
    if settings.switches.warehouse and settings.network.availability_zones < 3:
        yield Finding(
            ("features", "warehouse"),
            f"warehouse is on, but the network has {settings.network.availability_zones} zones; Redshift Serverless needs 3",
            "set network.availability_zones to 3, or turn features.warehouse off",
        )


def vectors_fit_the_store(settings: AgencyFile) -> Iterator[Finding]:
    """Beyond this length every search would read the whole table."""
    store = settings.data.vector_store
    if settings.switches.vector_store and store.kind == "aurora-pgvector" and store.dimensions > _PGVECTOR_INDEXED:
        yield Finding(
            ("data", "vector_store", "dimensions"),
            f"an index of aurora-pgvector takes vectors up to {_PGVECTOR_INDEXED} long, not {store.dimensions}",
            "choose a model with shorter vectors, or data.vector_store.kind: s3vectors or opensearch",
        )


def pipelines_have_names_of_their_own(settings: AgencyFile) -> Iterator[Finding]:
    """A use case's pipeline bears its name, and other pipelines are named after sources and use cases."""
    switches = settings.switches
    taken: dict[str, str] = {}
    if switches.ingestion:
        taken |= {f"ingest_{source}": f"takes in the data source {source}" for source in settings.sources}
        taken |= {
            f"fetch_{name}": f"fetches the data source {name}" for name, each in settings.sources.items() if each.fetch
        }
    if switches.feature_store:
        taken |= {f"{use_case}_features": f"writes the features of {use_case}" for use_case in settings.use_cases}
    for use_case in settings.use_cases:
        if switches.training_pipeline and use_case in taken:
            yield Finding(
                ("use_cases", use_case),
                f"its pipeline would have the name of the one that {taken[use_case]}",
                "choose another name for the use case",
            )


DATA_RULES: tuple[Rule, ...] = (
    Rule(ingestion_needs_catalogue, _SWITCHES),
    Rule(fetching_needs_a_way_out, frozenset({"data", "network"})),
    Rule(catalogue_is_needed_by, _SWITCHES),
    Rule(warehouse_needs_three_zones, _SWITCHES | {"network"}),
    Rule(vectors_fit_the_store, _SWITCHES | {"data"}),
    Rule(pipelines_have_names_of_their_own, _SWITCHES | {"data", "use_cases"}),
)
