"""The feature store: both implementations give the same answers, and never the future."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import polars as pl
import pytest
from feature_groups import GROUP, Clock, FakeSageMaker, frame, keys, moment
from hypothesis import given, settings
from hypothesis import strategies as st

from govml_pipeline.errors import UserError
from govml_pipeline.feature_store.group import FeatureGroup
from govml_pipeline.feature_store.local import LocalStore
from govml_pipeline.feature_store.offline import as_records
from govml_pipeline.feature_store.records import as_of, valid
from govml_pipeline.feature_store.sagemaker import SageMakerStore
from govml_pipeline.feature_store.store import FeatureStore

NAME = "sandbox-dev-hdb-resale-block-history-v1"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> FakeSageMaker:
    fake = FakeSageMaker(clock)
    fake.groups[NAME] = GROUP
    return fake


@pytest.fixture(params=["local", "online", "offline"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock, service: FakeSageMaker) -> FeatureStore:
    if request.param == "local":
        return LocalStore(tmp_path / "store", clock=clock)
    service.online = request.param == "online"
    return SageMakerStore("sandbox-dev-hdb-resale", control=service, runtime=service, read=service.read)


def values(found: pl.DataFrame) -> list[tuple[object, ...]]:
    return found.select("level", "sales", "model").rows()


def test_a_value_is_known_strictly_after_its_event_time(store: FeatureStore) -> None:
    store.write(GROUP, frame(("A", "2020-01-31", 0.1, 2, "NEW"), ("A", "2020-02-29", 0.2, 5, "OLD")))
    asked = keys(("A", "2020-03-01"), ("A", "2020-02-29"), ("A", "2020-01-31"), ("B", "2020-03-01"))
    missing = (None, None, None)
    assert values(store.as_of(GROUP, asked)) == [(0.2, 5, "OLD"), (0.1, 2, "NEW"), missing, missing]
    assert store.as_of(GROUP, asked)["event_time"].to_list()[:2] == [moment("2020-02-29"), moment("2020-01-31")]


def test_latest_gives_the_latest_event_and_keeps_the_order_of_the_keys(store: FeatureStore) -> None:
    store.write(GROUP, frame(("A", "2020-02-29", 0.2, 5, None), ("B", "2020-01-31", None, 1, "X")))
    store.write(GROUP, frame(("A", "2020-01-31", 0.1, 2, None)))
    found = store.latest(GROUP, ["B", "C", "A", "B"])
    assert found["block_key"].to_list() == ["B", "C", "A", "B"]
    assert values(found) == [(None, 1, "X"), (None, None, None), (0.2, 5, None), (None, 1, "X")]


def test_a_write_can_be_repeated(store: FeatureStore, clock: Clock) -> None:
    first = frame(("A", "2020-01-31", 1 / 3, None, "NEW"), ("B", "2020-01-31", 0.2, 5, None))
    assert store.write(GROUP, first) == 2
    clock.set("2020-06-01")
    assert store.write(GROUP, first) == 0
    assert store.write(GROUP, frame(("A", "2020-01-31", 0.5, None, "NEW"), ("B", "2020-01-31", 0.2, 5, None))) == 1
    assert store.records(GROUP).height == 3


def test_a_correction_replaces_a_value_but_not_what_was_known_before(store: FeatureStore, clock: Clock) -> None:
    store.write(GROUP, frame(("A", "2020-01-31", 0.1, 1, None)))
    clock.set("2020-06-01")
    store.write(GROUP, frame(("A", "2020-01-31", 9.9, 1, None), ("A", "2020-02-15", 8.8, 1, None)))
    asked = keys(("A", "2020-03-01"))
    assert values(store.as_of(GROUP, asked)) == [(8.8, 1, None)]
    assert values(store.as_of(GROUP, asked, known_by=moment("2020-05-31"))) == [(0.1, 1, None)]
    assert values(store.as_of(GROUP, keys(("A", "2020-02-01")))) == [(9.9, 1, None)]
    assert values(store.as_of(GROUP, asked, known_by=moment("2019-12-31"))) == [(None, None, None)]


def test_serving_and_training_set_have_the_same_columns(store: FeatureStore) -> None:
    store.write(GROUP, frame(("A", "2020-01-31", 0.1, 1, "NEW")))
    rows = keys(("A", "2020-02-01")).with_columns(pl.lit(7).alias("area"))
    trained, served = store.training_set([GROUP], rows), store.serving_set([GROUP], rows)
    assert trained.equals(served)
    assert trained.columns == ["block_key", "time", "area", "block_history_event_time", "level", "sales", "model"]


def test_the_latest_features_are_refused_to_a_row_of_the_past(store: FeatureStore) -> None:
    store.write(GROUP, frame(("A", "2020-01-31", 0.1, 1, "NEW")))
    with pytest.raises(UserError, match="their own future"):
        store.serving_set([GROUP], keys(("A", "2020-01-31")))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (pl.col("level").alias("other"), "not declared: \\['other'\\]"),
        (pl.lit("much").alias("sales"), "does not fit"),
        (pl.lit(None, pl.String).alias("block_key"), "is missing in a row"),
        (pl.lit("A").alias("block_key"), "stands twice"),
        (pl.col("event_time") + pl.duration(milliseconds=1), "no whole second"),
    ],
)
def test_a_frame_that_does_not_fit_is_refused(tmp_path: Path, change: pl.Expr, message: str) -> None:
    given_frame = frame(("A", "2020-01-31", 0.1, 1, None), ("B", "2020-01-31", 0.1, 1, None)).with_columns(change)
    with pytest.raises(UserError, match=message):
        LocalStore(tmp_path).write(GROUP, given_frame)


def test_rows_without_the_identifier_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="lack the column 'block_key'"):
        LocalStore(tmp_path).training_set([GROUP], keys(("A", "2020-02-01")).drop("block_key"))


def test_the_local_store_reads_files_from_before_a_feature_was_added(tmp_path: Path) -> None:
    store = LocalStore(tmp_path, clock=Clock())
    store.write(GROUP, frame(("A", "2020-01-31", 0.1, 1, None)))
    file = tmp_path / "block_history_v1" / "000001.parquet"
    pl.read_parquet(file).drop("model").write_parquet(file)
    assert values(store.latest(GROUP, ["A"])) == [(0.1, 1, None)]


def test_writers_at_the_same_moment_lose_nothing(tmp_path: Path) -> None:
    # More writers than files there are numbers for: each counts before the others have written.
    barrier = Barrier(8, timeout=20)

    class Together(LocalStore):
        def records(self, group: FeatureGroup) -> pl.DataFrame:
            found = super().records(group)
            barrier.wait()
            return found

    def write(key: str) -> None:
        Together(tmp_path, clock=Clock()).write(GROUP, frame((key, "2020-01-31", 0.1, 1, None)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, "ABCDEFGH"))
    assert sorted(LocalStore(tmp_path).records(GROUP)["block_key"]) == list("ABCDEFGH")


def test_a_group_that_differs_from_its_declaration_is_refused(service: FakeSageMaker) -> None:
    store = SageMakerStore("sandbox-dev-hdb-resale", control=service, runtime=service, read=service.read)
    service.types["sales"] = "Fractional"
    with pytest.raises(UserError, match="declares sales as Integral, deployed is Fractional"):
        store.write(GROUP, frame(("A", "2020-01-31", 0.1, 1, None)))


def test_a_group_that_is_not_deployed_is_named(service: FakeSageMaker) -> None:
    store = SageMakerStore("other", control=service, runtime=service, read=service.read)
    with pytest.raises(UserError, match="no feature group other-block-history-v1"):
        store.latest(GROUP, ["A"])


def test_look_ups_go_in_batches_and_are_asked_again(service: FakeSageMaker) -> None:
    store = SageMakerStore("sandbox-dev-hdb-resale", control=service, runtime=service, read=service.read)
    store.write(GROUP, frame(*((f"k{number}", "2020-01-31", 0.1, number, None) for number in range(230))))
    service.busy = 2
    found = store.latest(GROUP, [f"k{number}" for number in range(230)])
    assert found["sales"].to_list() == list(range(230))
    assert service.batches == [100, 100, 30]
    service.busy = 5
    with pytest.raises(RuntimeError, match="unanswered"):
        store.latest(GROUP, ["k1"])


def test_a_deleted_record_is_gone_for_readers_after_the_deletion(service: FakeSageMaker, clock: Clock) -> None:
    store = SageMakerStore("sandbox-dev-hdb-resale", control=service, runtime=service, read=service.read)
    store.write(GROUP, frame(("A", "2020-01-31", 0.1, 1, None)))
    table = service.read("sandbox_dev", NAME)
    later = pl.lit(moment("2020-06-01").replace(tzinfo=None))
    deleted = table.with_columns(
        later.alias("api_invocation_time"), later.alias("write_time"), pl.lit(value=True).alias("is_deleted")
    )
    records = as_records(GROUP, pl.concat([deleted, table]))
    asked = keys(("A", "2020-03-01"))
    assert values(as_of(GROUP, valid(GROUP, records, None), asked)) == [(None, None, None)]
    assert values(as_of(GROUP, valid(GROUP, records, moment("2020-05-01")), asked)) == [(0.1, 1, None)]


_DAYS = st.integers(1, 28)
_RECORDS = st.lists(st.tuples(st.sampled_from("AB"), _DAYS, st.integers(0, 99)), max_size=12)


@given(earlier=_RECORDS, others=_RECORDS, asked=_DAYS, written=st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_write_at_or_after_a_rows_time_changes_it(
    earlier: list[tuple[str, int, int]], others: list[tuple[str, int, int]], asked: int, *, written: bool
) -> None:
    """Whatever is written with an event time at or after the row's, or later than the store was asked, has no effect."""

    def records(items: list[tuple[str, int, int]], at: str) -> pl.DataFrame:
        parts = [frame((key, f"2020-01-{day:02d}", None, value, None)) for key, day, value in items]
        return pl.concat([frame(), *parts]).with_columns(pl.lit(moment(at)).alias("write_time"))

    rows = keys(("A", f"2020-01-{asked:02d}"), ("B", f"2020-01-{asked:02d}"))
    before = records(earlier, "2020-02-01")
    # Either at any event time, but only after the training set was made; or known at once, but not before the row's time.
    since = 1 if written else asked
    after = records([each for each in others if each[1] >= since], "2020-03-01" if written else "2020-02-01")
    known_by = moment("2020-02-15")
    expected = as_of(GROUP, valid(GROUP, before, known_by), rows)
    assert as_of(GROUP, valid(GROUP, pl.concat([before, after]), known_by), rows).equals(expected)
