"""The forwarder: what it reads, how it writes, and what it does with stores that refuse."""

from __future__ import annotations

import base64
import gzip
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from govml.telemetry.forwarder import handler
from govml.telemetry.forwarder.delivery import MOST_SAMPLES, NotDelivered, deliver, poster
from govml.telemetry.forwarder.lines import messages, read
from govml.telemetry.forwarder.remote_write import body, compressed
from govml.telemetry.forwarder.samples import Sample, samples
from govml.telemetry.forwarder.segments import segments
from govml.telemetry.forwarder.spelling import bound, metric_name


def attributes(**told: str) -> list[dict[str, Any]]:
    return [{"key": key.replace("__", "."), "value": {"stringValue": value}} for key, value in told.items()]


def line(metric: dict[str, Any]) -> dict[str, Any]:
    resource = {"attributes": attributes(service__name="e", service__instance__id="i", govml__use_case="u", host="h")}
    return {"resourceMetrics": [{"resource": resource, "scopeMetrics": [{"metrics": [metric]}]}]}


def counter(value: int, *, at: int = 1_000, temporality: int = 2) -> dict[str, Any]:
    point = {"asInt": str(value), "timeUnixNano": str(at * 1_000_000), "attributes": attributes(a__b="c")}
    data = {"dataPoints": [point], "aggregationTemporality": temporality, "isMonotonic": True}
    return line({"name": "govml.inference.rows", "unit": "{row}", "sum": data})


def test_a_counter_has_its_service_process_and_attributes_as_labels() -> None:
    labels = (("__name__", "govml_inference_rows_total"), ("a_b", "c"), ("govml_use_case", "u"))
    assert samples(counter(3)) == [Sample((*labels, ("instance", "i"), ("job", "e")), 1_000, 3.0)]


def test_a_histogram_has_growing_buckets_up_to_infinity() -> None:
    point = {
        "count": "6",
        "sum": 1.5,
        "bucketCounts": ["1", "2", "3"],
        "explicitBounds": [0.005, 2_000_000.0],
        "timeUnixNano": "5000000",
    }
    data = {"dataPoints": [point], "aggregationTemporality": 2}
    found = samples(line({"name": "http.server.request.duration", "unit": "s", "histogram": data}))
    assert [(dict(each.labels).get("le"), each.value) for each in found] == [
        ("0.005", 1),
        ("2000000", 3),
        ("+Inf", 6),
        (None, 1.5),
        (None, 6),
    ]
    assert {dict(each.labels)["__name__"] for each in found} == {
        f"http_server_request_duration_seconds_{part}" for part in ("bucket", "sum", "count")
    }


def test_counters_that_start_anew_each_time_are_refused() -> None:
    with pytest.raises(ValueError, match="not cumulative"):
        samples(counter(3, temporality=1))


@pytest.mark.parametrize(
    ("value", "text"), [(0.5, "0.5"), (1.0, "1"), (0.0025, "0.0025"), (2e6, "2000000"), (1e-7, "0.0000001")]
)
def test_bounds_are_written_without_an_exponent(value: float, text: str) -> None:
    assert bound(value) == text
    assert float(text) == value


def test_units_and_totals_are_part_of_a_name_once() -> None:
    assert metric_name("a.b", "s", counter=False) == "a_b_seconds"
    assert metric_name("run_timestamp_seconds", "s", counter=False) == "run_timestamp_seconds"
    assert metric_name("a.total", "{row}", counter=True) == "a_total"


@given(
    st.text(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5).map(json.dumps)
)
def test_a_line_that_is_no_telemetry_is_left_alone_whatever_it_is(text: str) -> None:
    assert read([text, json.dumps(counter(1), separators=(",", ":"))]).metrics[-1][0].value == 1


@given(
    st.dictionaries(
        st.sampled_from(["name", "sum", "gauge", "histogram", "unit"]),
        st.none() | st.integers() | st.lists(st.integers(), max_size=2),
    )
)
def test_a_line_that_only_begins_like_telemetry_is_counted(metric: dict[str, Any]) -> None:
    told = read([json.dumps(line(metric), separators=(",", ":")), json.dumps(counter(1), separators=(",", ":"))])
    assert (told.unread, len(told.metrics)) in ((1, 1), (0, 2))


def plain(block: bytes) -> bytes:
    """Read a block of snappy that has literals only."""
    size = shift = place = 0
    while True:
        byte = block[place]
        size |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if not byte & 0x80:
            break
    found = b""
    while place < len(block):
        assert block[place] == 61 << 2
        length = int.from_bytes(block[place + 1 : place + 3], "little") + 1
        found += block[place + 3 : place + 3 + length]
        place += 3 + length
    assert len(found) == size
    return found


@given(st.binary(max_size=200_000))
def test_a_block_holds_what_was_put_in(content: bytes) -> None:
    assert plain(compressed(content)) == content


def test_a_body_is_the_message_of_the_specification() -> None:
    # WriteRequest by hand: field 1 (series) of labels (field 1) and samples (field 2: double, varint).
    label = b"\x0a\x06\x0a\x01a\x12\x01b"
    sample = b"\x12\x0c\x09\x00\x00\x00\x00\x00\x00\xf8\x3f\x10\xac\x02"
    expected = b"\x0a" + bytes([len(label) + len(sample)]) + label + sample
    assert plain(body([Sample((("a", "b"),), 300, 1.5)])) == expected


class Store:
    """A store that answers with the given statuses, one after the other, and then takes everything."""

    def __init__(self, *statuses: int) -> None:
        self.seen = 0
        self.statuses = list(statuses)

    def __call__(self, content: bytes) -> tuple[int, str]:
        self.seen += 1
        return (self.statuses.pop(0) if self.statuses else 204), "why"


def of(number: int, at: int) -> list[Sample]:
    return [Sample((("n", str(number)),), at, 1.0)]


def test_a_refused_request_is_sent_line_by_line() -> None:
    store = Store(400, 204, 400, 204)
    told = deliver([of(1, 3), of(2, 1), of(3, 2)], store)
    assert (told.samples, told.refused, store.seen) == (2, 1, 4)


def test_one_refused_line_is_not_sent_again() -> None:
    store = Store(400)
    assert deliver([of(1, 3)], store).refused == store.seen == 1


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_what_is_no_fault_of_the_lines_is_tried_again_as_a_whole(status: int) -> None:
    with pytest.raises(NotDelivered, match=str(status)):
        deliver([of(1, 3)], Store(status))


def test_a_request_is_never_too_large() -> None:
    store = Store()
    lines = [[Sample((("n", str(place)),), 1, 1.0)] * 700 for place in range(7)]
    assert deliver(lines, store).samples == 4_900
    assert store.seen == math.ceil(4_900 / (MOST_SAMPLES // 700 * 700))


def test_nobody_at_the_address_is_no_traceback_of_a_library() -> None:
    with pytest.raises(NotDelivered, match="does not answer"):
        poster("http://127.0.0.1:9/api/v1/write")(b"")


def event(*lines: dict[str, Any], kind: str = "DATA_MESSAGE") -> dict[str, Any]:
    told = {"messageType": kind, "logEvents": [{"message": json.dumps(each, separators=(",", ":"))} for each in lines]}
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(told).encode())).decode()}}


def span(status: int) -> dict[str, Any]:
    told = {
        "traceId": "6741a2c3" + "a" * 24,
        "spanId": "b" * 16,
        "name": "POST /invocations",
        "startTimeUnixNano": "1000000000",
        "endTimeUnixNano": "1250000000",
        "attributes": [
            *attributes(govml__correlation_id="case-7", http__request__method="POST", http__route="/invocations"),
            {"key": "http.response.status_code", "value": {"intValue": str(status)}},
        ],
    }
    resource = {"attributes": attributes(service__name="mini-dev-hdb-resale")}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": [told]}]}]}


@pytest.mark.parametrize(("status", "fault", "error"), [(200, False, False), (422, False, True), (503, True, False)])
def test_a_span_becomes_a_segment_that_can_be_found_by_its_correlation_id(
    status: int, fault: bool, error: bool
) -> None:
    [text] = segments(span(status))
    found = json.loads(text)
    assert found["trace_id"] == "1-6741a2c3-" + "a" * 24
    assert found["end_time"] - found["start_time"] == 0.25
    assert (found["fault"], found["error"]) == (fault, error)
    assert found["annotations"] == {"correlation_id": "case-7"}


def test_the_function_hands_on_metrics_and_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    monkeypatch.setattr(handler, "_post", lambda _: store)
    monkeypatch.setenv("REMOTE_WRITE_URL", "https://aps-workspaces.example")
    monkeypatch.setenv("TRACES", "xray")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    handler._session.cache_clear()
    with mock_aws():
        told = handler.handle(event(counter(1), span(200), {"level": "info"}), None)
    assert told == {"samples": 1, "refused_lines": 0, "unread_lines": 0, "segments": 1}
    assert handler.handle(event(kind="CONTROL_MESSAGE"), None)["samples"] == 0
    monkeypatch.delenv("TRACES")
    monkeypatch.delenv("REMOTE_WRITE_URL")
    assert handler.handle(event(counter(1), span(200)), None) == {
        "samples": 0,
        "refused_lines": 0,
        "unread_lines": 0,
        "segments": 0,
    }


@pytest.mark.parametrize(
    "wrong", [{}, {"awslogs": {"data": "!"}}, {"awslogs": {"data": base64.b64encode(b"x").decode()}}]
)
def test_an_event_of_something_else_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no event of a log subscription"):
        messages(wrong)
