"""The loop in the local account, on the real data: a model frozen at the end of 2019 drifts, and is replaced by itself.

    make closed-loop DATA=FOLDER

Nothing is simulated but time. All dates are moved by whole years, so that the surge's second year ends with last month: the
drift engine looks at what is over by its own clock. Requests of the months after the freeze are answered by the live endpoint
and written as captures of those months, since the front can only capture now (its own capture is turned low). Then the months'
sales are delivered, and one look is asked for, as the calendar does. What follows is the platform's own: verdict, alarm,
event, decision, training with the live model as champion, registration. An approver approves, and the endpoint moves on.
At last a model is trained on everything before the last month, to compare. Prints what happened, with times; exit code 1 if
the loop does not close, or closes with an error of more than 1.1 times the freshly trained model's.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from govml.settings.names import Names

REPOSITORY = Path(__file__).resolve().parents[1]
GOVML = [sys.executable, "-m", "govml.cli.main"]
NAMES = Names("sandbox", "dev")
USE_CASE, SLUG = "hdb_resale", "hdb-resale"
ENDPOINT = NAMES.endpoint(USE_CASE)
FROZEN = "2019-12"
ROWS_A_MONTH, ROWS_A_REQUEST = 400, 200
PATIENCE_SECONDS = 1200
# A retrained model learns nothing from its test months; more than this times a freshly trained model's error fails.
MOST_OF_FRESH = 1.1
AGENCY = {
    "    acceptance:  ": "    monitoring: {retraining: automatic}\n    acceptance:  ",
    "      kind: real-time\n": "      kind: real-time\n      capture_percent: 1\n",
    "      mae: {max: 40000}": "      champion.win_confidence: {min: 0.95}\n      mae: {max: 40000}",
}


@dataclass(frozen=True)
class Moved:
    """How dates are moved: years are added, and the data ends with a month of the surge's second year, 2021."""

    years: int
    last: str

    @classmethod
    def now(cls) -> Moved:
        """So that the data ends with last month."""
        ended = datetime.now(UTC).replace(day=1) - timedelta(days=1)
        return cls(ended.year - 2021, f"2021-{ended.month:02}")

    def row(self, row: dict[str, str]) -> dict[str, str]:
        begun = str(int(row["lease_commence_date"]) + self.years)
        return {**row, "month": self.month(row["month"]), "lease_commence_date": begun}

    def month(self, month: str) -> str:
        return f"{int(month[:4]) + self.years}{month[4:]}"


def rows(data: Path, moved: Moved) -> Iterator[dict[str, str]]:
    """Give all rows of 2015 and later to the last month, moved, in the order of the files."""
    for path in sorted(data.glob("*.csv.gz")):
        with gzip.open(path, "rt", newline="") as stream:
            yield from (moved.row(row) for row in csv.DictReader(stream) if "2015" <= row["month"] <= moved.last)


def write(path: Path, found: list[dict[str, str]]) -> None:
    columns = list(dict.fromkeys(name for row in found for name in row))
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(found)


class Loop:
    """The commands and the account, with a clock."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.started = folder, time.monotonic()
        os.environ["GOVML_STATE_DIR"] = str(folder / "state")
        text = (REPOSITORY / "config" / "sandbox.yaml").read_text()
        for before, after in AGENCY.items():
            if text.count(before) != 1:
                sys.exit(f"config/sandbox.yaml no longer has one line {before.strip()!r}")
            text = text.replace(before, after)
        self.config = folder / "sandbox.yaml"
        self.config.write_text(text)

    def tell(self, text: str) -> None:
        print(f"{time.monotonic() - self.started:6.0f} s  {text}", flush=True)

    def govml(self, *arguments: str) -> str:
        done = subprocess.run(
            [*GOVML, *arguments, "--config", str(self.config)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            sys.exit(f"govml {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def background(self, *arguments: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{arguments[1]}.log").open("wb")
        return subprocess.Popen([*GOVML, *arguments], cwd=REPOSITORY, stdout=log, stderr=subprocess.STDOUT)

    def client(self, service: str) -> Any:
        from govml.local import connection

        return connection().client(service)

    def parameter(self, name: str) -> str:
        return str(self.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])

    def until(self, what: str, reached: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := reached()):
            if time.monotonic() > deadline:
                sys.exit(f"not within {PATIENCE_SECONDS} s: {what}; logs in {self.folder}")
            time.sleep(1)
        return found


def ask(loop: Loop, endpoint: str, month: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Give request and answer of each batch of a month's sales, without their prices."""
    runtime = loop.client("sagemaker-runtime")
    step = max(1, len(month) // ROWS_A_MONTH)
    chosen = month[::step][:ROWS_A_MONTH]
    for first in range(0, len(chosen), ROWS_A_REQUEST):
        part = chosen[first : first + ROWS_A_REQUEST]
        instances = [{name: value for name, value in row.items() if name != "resale_price" and value} for row in part]
        body = json.dumps({"instances": instances})
        answer = runtime.invoke_endpoint(EndpointName=endpoint, Body=body, ContentType="application/json")
        yield body, answer["Body"].read().decode()


def capture(loop: Loop, bucket: str, endpoint: str, sales: dict[str, list[dict[str, str]]]) -> None:
    """Write what the endpoint answers as captures of the sales' months."""
    s3 = loop.client("s3")
    for month, found in sales.items():
        lines = []
        for sent, said in ask(loop, endpoint, found):
            side = {"observedContentType": "application/json", "encoding": "JSON"}
            event = {
                "captureData": {
                    "endpointInput": {**side, "mode": "INPUT", "data": sent},
                    "endpointOutput": {**side, "mode": "OUTPUT", "data": said},
                },
                "eventMetadata": {"eventId": str(uuid.uuid4()), "inferenceTime": f"{month}-15T04:00:00Z"},
                "eventVersion": "0",
            }
            lines.append(json.dumps(event))
        key = f"{SLUG}/capture/{endpoint}/Live/{month.replace('-', '/')}/15/04/replayed.jsonl"
        s3.put_object(Bucket=bucket, Key=key, Body=("\n".join(lines) + "\n").encode())


def error(answers: Iterator[tuple[str, str]], month: list[dict[str, str]]) -> float:
    """Mean absolute percentage error of an endpoint over a month's sales."""
    step = max(1, len(month) // ROWS_A_MONTH)
    truth = [float(row["resale_price"]) for row in month[::step][:ROWS_A_MONTH]]
    said = [float(each) for _, answer in answers for each in json.loads(answer)["predictions"]]
    return 100 * sum(abs(a / b - 1) for a, b in zip(said, truth, strict=True)) / len(truth)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    loop, moved = Loop(Path(tempfile.mkdtemp(prefix="closed-loop-"))), Moved.now()
    frozen = moved.month(FROZEN)
    before, after = [], {}  # type: ignore[var-annotated]
    for row in rows(options.data, moved):
        if row["month"] <= frozen:
            before.append(row)
        else:
            after.setdefault(row["month"], []).append(row)
    write(loop.folder / "before.csv", before)
    write(loop.folder / "after.csv", [row for month in after.values() for row in month])
    loop.tell(f"{len(before):,} sales to {frozen}, {sum(map(len, after.values())):,} from {min(after)} to {max(after)}")
    processes: list[subprocess.Popen[bytes]] = []
    try:
        first_model(loop, processes)
        drifting(loop, after)
        return replaced(loop, after[max(after)])
    finally:
        for process in processes:
            process.terminate()
        subprocess.run([*GOVML, "local", "down"], cwd=REPOSITORY, check=False)
        print(f"logs: {loop.folder}")


def first_model(loop: Loop, processes: list[subprocess.Popen[bytes]]) -> None:
    """Deploy, train on what there was at the freeze, and serve."""
    for command in (("local", "up"), ("local", "bootstrap"), ("local", "deploy")):
        loop.govml(*command)
    loop.tell("stacks are deployed")
    loop.govml("data", "put", USE_CASE, str(loop.folder / "before.csv"))
    loop.govml("data", "ingest", USE_CASE)
    loop.govml("pipeline", "run", USE_CASE)
    loop.tell("the first model is registered")
    processes.append(loop.background("local", "serve", "--speed", "300"))
    processes.append(loop.background("local", "work", "--config", str(loop.config)))
    live(loop, 1)


def drifting(loop: Loop, after: dict[str, list[dict[str, str]]]) -> None:
    """Let the frozen model answer the months that follow, deliver their sales, and ask for one look."""
    capture(loop, loop.parameter(NAMES.zone_bucket("artifacts")), ENDPOINT, after)
    last = after[max(after)]
    loop.tell(f"live, and asked; error in {max(after)}: {error(ask(loop, ENDPOINT, last), last):.2f} %")
    loop.govml("data", "put", USE_CASE, str(loop.folder / "after.csv"))
    loop.govml("data", "ingest", USE_CASE)
    sqs = loop.client("sqs")
    url = sqs.get_queue_url(QueueName=NAMES.retraining_queue())["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"look": SLUG, "moment": datetime.now(UTC).isoformat()}))
    loop.tell("the months' sales are delivered, and a look is asked for")


def replaced(loop: Loop, last: list[dict[str, str]]) -> int:
    """Wait for what the platform does by itself, approve the second model, and measure it."""
    monitor, training = NAMES.monitoring_pipeline(USE_CASE), NAMES.pipeline(USE_CASE)
    look = loop.until("the look ends", lambda: ended(loop, monitor, "look-"))
    loop.tell(f"the look has {look['PipelineExecutionStatus'].lower()}")
    evidence = loop.parameter(NAMES.evidence_bucket())
    kept = {f"monitoring/{SLUG}/{name}" for name in ("findings.json", "report.html")}
    loop.until("its findings are evidence", lambda: kept <= keys(loop, evidence, f"monitoring/{SLUG}/"))
    loop.tell("its findings and its page are locked as evidence")
    loop.until("drift starts the training", lambda: run(loop, training, "drift-"))
    loop.tell("alarm, event and decision: the drift has started the training pipeline")
    trained = loop.until("the training ends", lambda: ended(loop, training, "drift-"))
    loop.tell(f"training: {trained['PipelineExecutionStatus']} {trained.get('PipelineExecutionFailureReason', '')}")
    if trained["PipelineExecutionStatus"] != "Succeeded":
        return 1
    live(loop, 2)
    retrained = error(ask(loop, ENDPOINT, last), last)
    loop.tell(f"the second model is live; error in that month: {retrained:.2f} %")
    fresh = freshly_trained(loop, last)
    loop.tell(
        f"a model trained on all that came before it: {fresh:.2f} %; the second has {retrained / fresh:.2f} times that"
    )
    print(loop.govml("release", "ledger", USE_CASE, "--local", "--verify"))
    return 0 if retrained <= MOST_OF_FRESH * fresh else 1


def freshly_trained(loop: Loop, last: list[dict[str, str]]) -> float:
    """Train on everything before the last month, which alone is its test, serve that and return its error, in percent."""
    loop.govml("pipeline", "run", USE_CASE, "--parameter", "TestMonths=1")
    live(loop, 3)
    return error(ask(loop, ENDPOINT, last), last)


def keys(loop: Loop, bucket: str, prefix: str) -> set[str]:
    """Return the keys below a prefix."""
    found = loop.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    return {each["Key"] for each in found}


def run(loop: Loop, pipeline: str, prefix: str) -> Any:
    """Return the latest execution whose name begins so, or None."""
    runs = loop.client("sagemaker").list_pipeline_executions(PipelineName=pipeline)["PipelineExecutionSummaries"]
    return next((each for each in runs if each.get("PipelineExecutionDisplayName", "").startswith(prefix)), None)


def ended(loop: Loop, pipeline: str, prefix: str) -> Any:
    """Return the same if it has ended, or None."""
    found = run(loop, pipeline, prefix)
    return found if found and found["PipelineExecutionStatus"] not in ("Executing", "Stopping") else None


def live(loop: Loop, version: int) -> None:
    """Approve a version as a person, and wait until the endpoint serves it."""
    loop.govml("release", "approve", USE_CASE, str(version), "--local", "--as", "approver/lim")
    cloudformation = loop.client("cloudformation")

    def served() -> bool:
        [stack] = cloudformation.describe_stacks(StackName=NAMES.serving_stack(USE_CASE))["Stacks"]
        parameters = {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}
        return bool(parameters.get("LiveVersion") == str(version) and stack["StackStatus"] == "UPDATE_COMPLETE")

    loop.until(f"version {version} is live", served)


if __name__ == "__main__":
    raise SystemExit(main())
