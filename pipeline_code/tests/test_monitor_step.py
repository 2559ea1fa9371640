"""The step Monitor as a job runs it: folders like /opt/ml, a model that was trained, real sales' form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from jobs import provide
from watched import captured

from govml_pipeline.data.split import Split
from govml_pipeline.files import read_json, write_json
from govml_pipeline.main import main
from govml_pipeline.model.artefact import Model
from govml_pipeline.monitoring.baseline import make_baseline
from govml_pipeline.usecase import UseCase


@pytest.fixture(scope="module")
def baseline_folder(model: Model, split: Split, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A baseline of a trained model, made larger: each test row three times, since the sample is small."""
    rows = pl.concat([split.test] * 3)
    folder = tmp_path_factory.mktemp("baseline")
    write_json(folder / "baseline.json", make_baseline(model, rows, model.predict(rows)).as_json())
    return folder


@pytest.fixture
def job(baseline_folder: Path, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    provide(tmp_path, baseline=baseline_folder, model=model_folder)
    yield tmp_path


def sales(model: Model, rows: pl.DataFrame, month: str, *, factor: float = 1.0) -> pl.DataFrame:
    """Sales of a month with what the model says; `factor` is by how much they were dearer than the sample's."""
    part = rows[np.random.default_rng(sum(map(ord, month))).choice(rows.height, 400, replace=True).tolist()]
    part = part.with_columns(pl.lit(month).alias("month"), pl.col("resale_price") * factor)
    return pl.concat([part, model.predict(part)], how="horizontal")


def monitor(job: Path, now: str, *more: str) -> dict:
    code = main(["monitor", "--use-case", "hdb_resale", "--now", now, *more])
    assert code == 0
    return read_json(job / "processing" / "output" / "monitoring" / "monitoring.json")


def test_a_rise_of_prices_asks_for_retraining_once(job: Path, model: Model, split: Split) -> None:
    inputs, output = (job / "processing" / name for name in ("input", "output"))
    (inputs / "rows").mkdir()
    verdicts = []
    for month, factor, now in [
        ("2025-09", 1.0, "2025-10-02T08:00:00+08:00"),
        ("2025-10", 1.2, "2025-11-02T08:00:00+08:00"),
        ("2025-11", 1.3, "2025-12-02T08:00:00+08:00"),
    ]:
        sales(model, split.test, month, factor=factor).write_parquet(inputs / "rows" / f"{month}.parquet")
        found = monitor(job, now)
        verdicts.append((found["verdict"], found["retrain"], found["window"]))
        state = (output / "state" / "state.json").read_bytes()
        (inputs / "state").mkdir(exist_ok=True)
        (inputs / "state" / "state.json").write_bytes(state)
    assert verdicts[0][1:] == (False, "2025-09")
    assert verdicts[1][:2] == ("watch", False)
    assert verdicts[2] == ("drifted", True, "2025-11")
    assert found["request_id"]
    assert {signal["kind"] for signal in found["signals"] if signal["breached"]} >= {"concept_drift"}

    again = monitor(job, "2025-12-03T08:00:00+08:00")
    assert (again["verdict"], again["retrain"], again["request_id"]) == ("drifted", False, found["request_id"])
    assert (output / "state" / "state.json").read_bytes() == state

    page = (output / "monitoring" / "report.html").read_text()
    assert "Sustained since 2025-10" in page and "<svg" in page and "<script" not in page
    (line,) = [
        json.loads(each)
        for each in (output / "monitoring" / "metrics.emf.jsonl").read_text().splitlines()
        if "BrokenFeed" in each
    ]
    assert (line["Endpoint"], line["RetrainingRequested"], line["Drifted"]) == ("hdb_resale", 0.0, 1.0)
    evidence = output / "evidence"
    assert sorted(path.name for path in evidence.iterdir()) == ["findings.json", "report.html"]
    assert read_json(evidence / "findings.json")["decision"]["window"] == "2025-11"
    assert [past["window"] for past in read_json(evidence / "findings.json")["history"]] == [
        "2025-09",
        "2025-10",
        "2025-11",
    ]
    assert read_json(output / "state" / "next.json") == {"since": "2025-09-01"}


def test_captured_requests_give_the_same_rows_as_a_batch(
    job: Path, model: Model, split: Split, use_case: UseCase
) -> None:
    inputs = job / "processing" / "input"
    rows = sales(model, split.test, "2025-09").with_columns(
        pl.format("id-{}", pl.int_range(pl.len())).alias("inference_id"),
        pl.lit(0, pl.Int64).alias("row"),
        pl.lit(model.version).alias("model_version"),
        pl.datetime(2025, 9, 3, 4, time_zone="UTC").alias("time"),
    )
    (inputs / "capture" / "endpoint" / "live").mkdir(parents=True)
    (inputs / "capture" / "endpoint" / "live" / "1.jsonl").write_bytes(captured(rows, use_case))
    (inputs / "labels").mkdir()
    rows.select(*use_case.contract.names).write_parquet(inputs / "labels" / "sold.parquet")
    from_capture = monitor(job, "2025-10-02T08:00:00+08:00", "--endpoint", "agency-hdb")
    (inputs / "capture").rename(inputs / "set-aside")
    (inputs / "labels").rename(inputs / "labels-aside")
    (inputs / "rows").mkdir()
    rows.drop("time", "inference_id", "row").write_parquet(inputs / "rows" / "batch.parquet")
    from_rows = monitor(job, "2025-10-02T08:00:00+08:00")
    assert from_capture["window"] == from_rows["window"] == "2025-09"

    def drift(found: dict) -> list:
        kinds = ("data_drift", "prediction_drift", "attribution_drift")
        return sorted((s["name"], round(s["value"], 9)) for s in found["signals"] if s["kind"] in kinds)

    assert drift(from_capture) == drift(from_rows)
    assert {s["name"] for s in from_capture["signals"]} >= {"town", "prediction", "order", "mape", "bias"}


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda folder: (folder / "baseline" / "baseline.json").write_text("{"), "no baseline"),
        (lambda folder: (folder / "baseline" / "baseline.json").unlink(), "holds no baseline.json"),
        (lambda folder: (folder / "rows").rename(folder / "elsewhere"), "neither of the inputs"),
        (lambda folder: (folder / "capture").mkdir(), "both of the inputs"),
        (lambda folder: (folder / "rows" / "r.parquet").write_text("no"), "cannot be read"),
        (lambda folder: pl.DataFrame({"a": [1]}).write_parquet(folder / "rows" / "r.parquet"), "no column"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_without_a_traceback(job: Path, spoil, says: str, capsys) -> None:
    folder = job / "processing" / "input"
    (folder / "rows").mkdir()
    spoil(folder)
    assert main(["monitor", "--use-case", "hdb_resale", "--now", "2025-10-02T08:00:00+08:00"]) == 2
    error = capsys.readouterr().err
    assert says in error and "hint:" in error


def test_another_models_baseline_is_refused(job: Path, model: Model, split: Split, capsys) -> None:
    folder = job / "processing" / "input"
    (folder / "rows").mkdir()
    assert main(["monitor", "--use-case", "hdb_resale", "--model-version", "another"]) == 2
    assert "baseline of model version" in capsys.readouterr().err
    rows = sales(model, split.test, "2025-09").with_columns(pl.lit("another").alias("model_version"))
    rows.write_parquet(folder / "rows" / "r.parquet")
    assert main(["monitor", "--use-case", "hdb_resale", "--now", "2025-10-02T08:00:00+08:00"]) == 2
    assert "answered by model another" in capsys.readouterr().err
    (folder / "rows" / "r.parquet").unlink()
    stale = replace(model.use_case.contract, version=99)
    changed = read_json(folder / "baseline" / "baseline.json") | {"contract_version": stale.version}
    write_json(folder / "baseline" / "baseline.json", changed)
    assert main(["monitor", "--use-case", "hdb_resale"]) == 2
    assert "contract version" in capsys.readouterr().err


@pytest.mark.parametrize("now", ["yesterday", "2025-10-02T08:00:00"])
def test_a_time_needs_its_zone(job: Path, now: str, capsys) -> None:
    assert main(["monitor", "--use-case", "hdb_resale", "--now", now]) == 2
    assert "time with a zone" in capsys.readouterr().err
