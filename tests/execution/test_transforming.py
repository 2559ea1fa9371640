"""Batch transform without a server: cutting, filtering, joining, as the API reference describes them."""

from __future__ import annotations

import gzip
import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml.execution.transforming.joining import CSV, JSON, Joining
from govml.execution.transforming.json_path import parse_json_path
from govml.execution.transforming.records import Splitting, TransformFailed, batches, records
from govml.execution.transforming.settings import check_transform, file_transform

ROW = [10, "a", {"x": 1}]


@pytest.mark.parametrize(
    ("path", "document", "wanted"),
    [
        ("$", ROW, ROW),
        ("$[1:]", ROW, ROW[1:]),
        ("$[:-1]", ROW, ROW[:-1]),
        ("$[-1]", ROW, {"x": 1}),
        ("$[0,2]", ROW, [10, {"x": 1}]),
        ("$[0,1:]", ROW, ROW),
        ("$.features", {"id": 1, "features": [2]}, [2]),
        ("$['id','SageMakerOutput']", {"id": 1, "z": 2, "SageMakerOutput": 3}, {"id": 1, "SageMakerOutput": 3}),
        ("$.a.['b','c']", {"a": {"b": 1, "c": 2}}, {"b": 1, "c": 2}),
        ("$.a[*].b", {"a": {"b": 1}}, None),
        ("$.a.*", {"a": {"b": 1, "c": 2}}, [1, 2]),
    ],
)
def test_the_operators_of_json_path_that_the_service_knows(path: str, document: Any, wanted: Any) -> None:
    if wanted is None:
        with pytest.raises(LookupError):
            parse_json_path(path).select(document)
    else:
        assert parse_json_path(path).select(document) == wanted


@pytest.mark.parametrize("path", ["", "id", "$..a", "$[?(@.a)]", "$[0", "$.a" * 40, "$[]", "$['a]"])
def test_what_is_no_json_path_of_the_service_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="JSONPath"):
        parse_json_path(path)


@pytest.mark.parametrize(("path", "document"), [("$[3]", ROW), ("$[-4]", ROW), ("$.a", {}), ("$.a", [1]), ("$[0]", {})])
def test_an_index_outside_of_the_data_is_an_error(path: str, document: Any) -> None:
    with pytest.raises(LookupError):
        parse_json_path(path).select(document)


@given(
    st.lists(st.binary(min_size=1, max_size=40).filter(lambda line: not set(b"\r\n") & set(line))), st.integers(40, 90)
)
def test_no_record_is_lost_or_moved_and_no_request_is_too_large(lines: list[bytes], most: int) -> None:
    splitting = Splitting(lines=True, several=True, most_bytes=most)
    content = b"\n".join(lines) + b"\n"
    if not lines:
        with pytest.raises(TransformFailed, match="empty"):
            records(content, splitting)
        return
    cut = list(batches(records(content, splitting), splitting))

    assert [record for batch in cut for record in batch] == lines
    assert all(len(b"\n".join(batch)) <= most for batch in cut)
    # No two neighbours would have fitted into one request.
    assert all(len(b"\n".join([*first, second[0]])) > most for first, second in itertools.pairwise(cut))


def test_single_records_and_whole_files() -> None:
    one = Splitting(lines=True, several=False, most_bytes=0)
    assert list(batches(records(b"a\r\nb\n", one), one)) == [[b"a"], [b"b"]]
    whole = Splitting(lines=False, several=True, most_bytes=3)
    assert list(batches(records(b"a\n\n", whole), whole)) == [[b"a\n\n"]]
    with pytest.raises(TransformFailed, match="the whole file has 4 bytes"):
        list(batches(records(b"abcd", whole), whole))


def joining(form: str, *, sent: str = "$", joined: bool = True, kept: str = "$") -> Joining:
    return Joining(form, parse_json_path(sent), joined, parse_json_path(kept))


def test_rows_of_csv_get_their_answers_behind_them() -> None:
    by_id = joining(CSV, sent="$[1:]", kept="$[0,-1]")
    batch = [b'7,"a, b",1', b"8,c,2"]

    assert by_id.payload_record(batch[0]) == b'"a, b",1'
    assert by_id.results(batch, b"0.5,yes\n0.25,no\n") == b"7,yes\n8,no"


def test_objects_of_json_get_their_answers_as_a_member() -> None:
    batch = [b'{"id": 1, "features": [2]}']
    by_id = joining(JSON, sent="$.features", kept="$['id','SageMakerOutput']")

    assert by_id.payload_record(batch[0]) == b"[2]"
    assert by_id.results(batch, b'{"score": 3}') == b'{"id":1,"SageMakerOutput":{"score":3}}'
    assert joining(JSON).results([b"[1]"], b"2") == b'{"SageMakerInput":[1],"SageMakerOutput":2}'


def test_what_cannot_be_joined_is_said() -> None:
    with pytest.raises(TransformFailed, match="2 records were sent and 1 answered"):
        joining(CSV).results([b"town,area", b"Bedok,90"], b"1\n")
    with pytest.raises(TransformFailed, match="not application/json"):
        joining(JSON).results([b"{"], b"1")
    with pytest.raises(TransformFailed, match="there is no index 5"):
        joining(CSV, kept="$[5]").results([b"a"], b"1")


def request(**changes: Any) -> dict[str, Any]:
    source = {"ContentType": "text/csv", "SplitType": "Line", **changes.pop("TransformInput", {})}
    return {
        "TransformInput": source,
        "TransformOutput": changes.pop("TransformOutput", {"Accept": "text/csv"}),
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"TransformInput": {"SplitType": "TFRecord"}}, "no TFRecord records"),
        ({"TransformInput": {"SplitType": "None"}, "BatchStrategy": "SingleRecord"}, "needs a SplitType"),
        ({"MaxConcurrentTransforms": 20, "MaxPayloadInMB": 6}, "more than 100 MB"),
        ({"DataCaptureConfig": {"DestinationS3Uri": "s3://b/c"}}, "captures no batch transform"),
        ({"DataProcessing": {"InputFilter": "$..id"}}, "no JSONPath"),
        (
            {"DataProcessing": {"JoinSource": "Input"}, "TransformOutput": {"Accept": "application/json"}},
            "both directions",
        ),
    ],
)
def test_an_unfit_request_is_refused_before_a_model_starts(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(TransformFailed, match=message):
        check_transform(request(**changes))


def test_what_the_request_leaves_open_the_server_decides() -> None:
    said = {"MaxConcurrentTransforms": 3, "BatchStrategy": "SINGLE_RECORD", "MaxPayloadInMB": 2}

    assert file_transform(request(), {}).splitting == Splitting(lines=True, several=True, most_bytes=6 * 2**20)
    asked = file_transform(request(), said)
    assert (asked.workers, asked.splitting) == (3, Splitting(lines=True, several=False, most_bytes=2 * 2**20))
    told = file_transform(request(MaxConcurrentTransforms=1, BatchStrategy="MultiRecord", MaxPayloadInMB=4), said)
    assert (told.workers, told.splitting) == (1, Splitting(lines=True, several=True, most_bytes=4 * 2**20))


def test_a_cut_off_gzip_file_leaves_nothing(tmp_path: Path) -> None:
    packed = gzip.compress(b"a\nb\n" * 1000)
    work = file_transform(request(TransformInput={"CompressionType": "Gzip"}), {})
    (tmp_path / "whole.gz").write_bytes(packed)
    (tmp_path / "cut.gz").write_bytes(packed[:-12])

    assert work.run(tmp_path / "whole.gz", tmp_path / "whole.out", lambda payload: payload) == 1
    with pytest.raises(TransformFailed, match="no whole gzip"):
        work.run(tmp_path / "cut.gz", tmp_path / "cut.out", lambda payload: payload)
    assert not (tmp_path / "cut.out").exists()
