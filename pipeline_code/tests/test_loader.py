"""The loader against a server that imitates data.gov.sg: paging, rate limit, failures halfway, wrong totals."""

from __future__ import annotations

import datetime
import email.utils
from collections.abc import Iterator
from pathlib import Path

import pytest
from csvs import ROW
from datagovsg import DATASET, Upstream, break_off, fail, running

from govml_pipeline.data import datagovsg as loader
from govml_pipeline.data.datagovsg import DataGovSg
from govml_pipeline.data.http import HttpClient, retry_after
from govml_pipeline.data.validation import validate_files
from govml_pipeline.errors import UserError
from govml_pipeline.usecase import UseCase


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with running(Upstream([{**ROW, "block": str(number)} for number in range(1, 24)])) as service:
        yield service


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def source(upstream: Upstream, waits: list[float], use_case: UseCase) -> DataGovSg:
    def client() -> HttpClient:
        return HttpClient(headers={}, attempts=3, timeout=5, sleep=waits.append)

    return DataGovSg(
        DATASET,
        use_case.contract.names,
        optional=("remaining_lease",),
        search_base=upstream.address,
        download_base=upstream.address,
        search=client(),
        download=client(),
        sleep=waits.append,
    )


def blocks(path: Path, use_case: UseCase) -> list[str]:
    return validate_files([path], use_case.contract).rows["block"].to_list()


EXPECTED = [str(number) for number in range(1, 24)]


def test_pages_make_one_whole_file(source: DataGovSg, upstream: Upstream, use_case: UseCase, tmp_path: Path) -> None:
    path = source.fetch_pages(tmp_path / "new" / "prices.csv", page_rows=10)
    assert blocks(path, use_case) == EXPECTED
    assert [query["offset"] for _, query, _ in upstream.requests] == ["0", "10", "20"]
    assert [item.name for item in path.parent.iterdir()] == ["prices.csv"]


def test_waits_as_long_as_the_rate_limit_asks(
    source: DataGovSg, upstream: Upstream, use_case: UseCase, tmp_path: Path, waits: list[float]
) -> None:
    upstream.faults = [None, fail(429, Retry_After="7"), fail(503)]
    assert blocks(source.fetch_pages(tmp_path / "prices.csv", page_rows=10), use_case) == EXPECTED
    assert waits == [7.0, 4.0]


def test_a_failure_halfway_leaves_no_file_and_the_next_run_goes_on(
    source: DataGovSg, upstream: Upstream, use_case: UseCase, tmp_path: Path
) -> None:
    upstream.faults = [None, None, fail(500), fail(500), fail(500)]
    with pytest.raises(UserError, match="answers 500, 3 times"):
        source.fetch_pages(tmp_path / "prices.csv", page_rows=10)
    assert not (tmp_path / "prices.csv").exists()
    upstream.requests.clear()
    path = source.fetch_pages(tmp_path / "prices.csv", page_rows=10)
    assert blocks(path, use_case) == EXPECTED
    assert [query["offset"] for _, query, _ in upstream.requests] == ["0", "20"]


def test_starts_again_when_upstream_has_changed_since(
    source: DataGovSg, upstream: Upstream, use_case: UseCase, tmp_path: Path
) -> None:
    upstream.faults = [None, None, *[fail(500)] * 3]
    with pytest.raises(UserError):
        source.fetch_pages(tmp_path / "prices.csv", page_rows=10)
    upstream.rows[0]["block"] = "999"
    upstream.rows.append({**ROW, "block": "24"})
    path = source.fetch_pages(tmp_path / "prices.csv", page_rows=10)
    assert blocks(path, use_case) == ["999", *EXPECTED[1:], "24"]


@pytest.mark.parametrize("total", [lambda _: 40, lambda offset: 23 + offset, lambda _: 22])
def test_a_wrong_total_is_refused(source: DataGovSg, upstream: Upstream, tmp_path: Path, total) -> None:
    upstream.total = total
    with pytest.raises(UserError, match=r"upstream changed while|says that it has"):
        source.fetch_pages(tmp_path / "prices.csv", page_rows=10)
    assert not list(tmp_path.iterdir())


def test_a_changed_schema_is_refused(source: DataGovSg, upstream: Upstream, tmp_path: Path) -> None:
    upstream.rows = [
        {("city" if name == "town" else name): value for name, value in row.items()} for row in upstream.rows
    ]
    with pytest.raises(UserError, match="no longer has column town"):
        source.fetch_pages(tmp_path / "prices.csv")
    assert not list(tmp_path.iterdir())


def test_an_optional_column_may_be_absent(
    source: DataGovSg, upstream: Upstream, use_case: UseCase, tmp_path: Path
) -> None:
    for row in upstream.rows:
        del row["remaining_lease"]
    assert blocks(source.fetch_pages(tmp_path / "prices.csv"), use_case) == EXPECTED


def test_a_refusal_is_not_tried_again(source: DataGovSg, upstream: Upstream, tmp_path: Path) -> None:
    upstream.faults = [fail(403)]
    with pytest.raises(UserError, match="answers 403"):
        source.fetch_pages(tmp_path / "prices.csv")
    assert len(upstream.requests) == 1


def test_nobody_there(source: DataGovSg, tmp_path: Path) -> None:
    source.search_base = "http://127.0.0.1:9"
    with pytest.raises(UserError, match="3 times"):
        source.fetch_pages(tmp_path / "prices.csv")


def test_the_prepared_file_is_polled_for_and_fetched(
    source: DataGovSg, upstream: Upstream, use_case: UseCase, tmp_path: Path
) -> None:
    path = source.fetch_file(tmp_path / "prices.csv")
    assert blocks(path, use_case) == EXPECTED
    assert [request[0].rpartition("/")[2] for request in upstream.requests] == [
        "initiate-download", "poll-download", "poll-download", "file.csv",
    ]  # fmt: skip


def test_a_broken_transfer_goes_on_where_it_broke(
    source: DataGovSg, upstream: Upstream, use_case: UseCase, tmp_path: Path
) -> None:
    upstream.faults = [None, None, None, break_off(after=500)]
    path = source.fetch_file(tmp_path / "prices.csv")
    assert path.read_bytes() == upstream.file
    assert upstream.requests[-1][2]["range"] == "bytes=500-"
    assert [item.name for item in tmp_path.iterdir()] == ["prices.csv"]
    assert blocks(path, use_case) == EXPECTED


def test_a_file_that_changed_in_between_is_fetched_anew(source: DataGovSg, upstream: Upstream, tmp_path: Path) -> None:
    upstream.faults = [None, None, None, *[break_off(after=500)] * 3]
    with pytest.raises(UserError):
        source.fetch_file(tmp_path / "prices.csv")
    assert not (tmp_path / "prices.csv").exists()
    upstream.etag = '"v2"'
    upstream.rows[0]["block"] = "777"
    upstream.polls_until_ready = 1
    assert source.fetch_file(tmp_path / "prices.csv").read_bytes() == upstream.file


def test_a_file_that_is_never_ready(source: DataGovSg, upstream: Upstream, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(loader, "_POLLS", 3)
    upstream.polls_until_ready = 100
    with pytest.raises(UserError, match="does not prepare the file"):
        source.fetch_file(tmp_path / "prices.csv")


def test_an_error_inside_a_good_status_is_noticed() -> None:
    with pytest.raises(UserError, match="refuses the download: Dataset not found"):
        DataGovSg._data({"code": 1, "errorMsg": "Dataset not found"})


def test_the_api_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "x-api-key" not in loader._client(0).headers
    monkeypatch.setenv(loader.API_KEY_VARIABLE, "k-1")
    assert loader._client(0).headers["x-api-key"] == "k-1"


def test_requests_keep_their_distance(upstream: Upstream, waits: list[float]) -> None:
    client = HttpClient(headers={}, min_interval=2.6, sleep=waits.append)
    for _ in range(3):
        client.json(f"{upstream.address}/d/initiate-download")
    assert len(waits) == 2
    assert waits[0] == pytest.approx(2.6, abs=0.5)
    assert waits[1] > waits[0]


@pytest.mark.parametrize(("value", "seconds"), [("7", 7.0), ("", None), (None, None), ("soon", None)])
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_as_a_date() -> None:
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=30)
    assert retry_after(email.utils.format_datetime(moment, usegmt=True)) == pytest.approx(30, abs=3)
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
