"""The canary function: what it makes of an endpoint's answers, what it writes, and that its archive stands by itself."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from govml.canary import handler
from govml.canary.probe import Target, probe
from govml.local.working.figures import figures_of
from govml_constructs.ml.code_archive import archive_bytes

REPOSITORY = Path(__file__).resolve().parents[2]
TARGET = Target(endpoint="mini-dev-hdb-resale", variant="live", slug="hdb-resale", slow_ms=500)
KNOWN = {"kind": "regression", "model_version": "m1", "rows": [{"instance": {"area": 90}, "answer": 500_000.0}]}
LIVE = {"version": 3, "model_digest": "ab" * 32, "known": KNOWN}


class Missing(Exception):
    """S3's `NoSuchKey`."""


class World:
    """An account with one endpoint, and a clock that an answer moves."""

    def __init__(self) -> None:
        self.live: Any = LIVE
        self.answer: dict[str, Any] = {"predictions": [500_000.0], "model_version": "m1"}
        self.refuses: str | None = None
        self.status, self.takes, self.now = "InService", 0.02, 0.0
        self.asked: list[dict[str, Any]] = []
        self.exceptions = type("Exceptions", (), {"NoSuchKey": Missing})

    def client(self, _service: str) -> World:
        return self

    def clock(self) -> float:
        return self.now

    def get_object(self, **given: str) -> Any:
        assert given == {"Bucket": "artifacts", "Key": "hdb-resale/released/live.json"}
        if self.live is None:
            raise Missing
        return {"Body": io.BytesIO(json.dumps(self.live).encode())}

    def invoke_endpoint(self, **given: Any) -> Any:
        self.asked.append(given)
        self.now += self.takes
        if self.refuses:
            raise ClientError({"Error": {"Code": self.refuses, "Message": "no"}}, "InvokeEndpoint")
        return {"Body": io.BytesIO(json.dumps(self.answer).encode())}

    def describe_endpoint(self, **_: str) -> Any:
        return {"EndpointStatus": self.status}

    def look(self) -> Any:
        return probe(self.client, "artifacts", TARGET, clock=self.clock)


@pytest.fixture
def world() -> World:
    return World()


def test_what_is_known_is_asked_of_the_variant_that_callers_get(world: World) -> None:
    seen = world.look()
    assert (seen.outcome, seen.milliseconds) == ("answered", pytest.approx(20))
    (asked,) = world.asked
    assert (asked["EndpointName"], asked["TargetVariant"]) == ("mini-dev-hdb-resale", "live")
    assert json.loads(asked["Body"]) == {"instances": [{"area": 90}]}


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"answer": {"predictions": [500_000.2], "model_version": "m1"}}, "answered"),
        ({"answer": {"predictions": [510_000.0], "model_version": "m1"}}, "otherwise"),
        ({"answer": {"predictions": [500_000.0], "model_version": "m2"}}, "otherwise"),
        ({"answer": {"predictions": [], "model_version": "m1"}}, "unanswered"),
        ({"refuses": "ModelError"}, "unanswered"),
        ({"refuses": "ValidationError"}, "unanswered"),
        ({"takes": 0.6}, "slow"),
        ({"live": None}, "nothing-live"),
        ({"live": {"version": 0, "model_digest": "", "known": None}}, "nothing-live"),
        ({"live": LIVE | {"known": None}}, "no-known-row"),
    ],
)
def test_outcomes(world: World, change: dict[str, Any], outcome: str) -> None:
    vars(world).update(change)
    assert world.look().outcome == outcome


def test_while_a_new_version_takes_over_either_may_answer(world: World) -> None:
    world.answer, world.status = {"predictions": [1.0], "model_version": "m2"}, "Updating"
    assert world.look().outcome == "answered"


def test_the_log_says_what_differs_but_no_row(world: World) -> None:
    world.answer = {"predictions": [510_000.0], "model_version": "m1"}
    detail = world.look().detail
    assert "answered otherwise than when tested (1 of 1 rows)" in detail
    assert "510000" not in detail


def test_each_look_becomes_metrics_by_endpoint(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(handler, "_client", world.client)
    monkeypatch.setenv("ARTIFACTS", "artifacts")
    monkeypatch.setenv("TARGETS", json.dumps([vars(TARGET)]))
    assert handler.handle({}, None) == {"mini-dev-hdb-resale": "answered"}
    world.refuses = "ModelError"
    handler.handle({}, None)
    published = [found for line in capsys.readouterr().out.splitlines() for found in figures_of(line)]
    assert {namespace for namespace, _ in published} == {"GovML/Canary"}
    named = [{each["MetricName"]: each["Value"] for each in data} for _, data in published]
    assert [each["Failed"] for each in named] == [0.0, 1.0]
    assert "Latency" in named[0]
    assert "Latency" not in named[1]
    assert published[0][1][0]["Dimensions"] == [{"Name": "Endpoint", "Value": "mini-dev-hdb-resale"}]


def test_the_archive_runs_by_itself_on_what_lambda_brings(tmp_path: Path) -> None:
    from stacks.watching.canary_watch import CODE

    archive = tmp_path / "function.zip"
    archive.write_bytes(archive_bytes({REPOSITORY / part: part for part in CODE}))
    libraries = Path(json.__file__).parents[1], Path(sys.modules["boto3"].__file__ or "").parents[1]
    program = (
        "import sys; sys.path[:0] = sys.argv[1:]; from govml.canary.handler import handle; "
        "print(handle.__module__, [name for name in sys.modules if name.partition('.')[0] in ('pydantic', 'aws_cdk')])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, str(archive), *map(str, libraries)],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "govml.canary.handler []\n", done.stderr
