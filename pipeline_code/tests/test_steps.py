"""The steps as containers run them: zip application, subprocess, folders like /opt/ml, foreign working folder."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from csvs import HEADER, line, text
from jobs import PROJECT, build_archive, pack, provide, provide_channels, run_step

from govml_pipeline.main import main


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_archive(tmp_path_factory.mktemp("code") / "0123456789abcdef.zip")


CRITERIA = json.dumps(
    {
        "mape": {"max": 7},
        "fairness.flat_type.mape_worst_ratio": {"max": 3},
        "robustness.deterministic": {"min": 1},
        "model_tests.failed": {"max": 0},
        "operational.latency_p50_ms": {"max": 10_000},
    }
)


def succeed(archive: Path, base: Path, step: str, *arguments: str, environment: dict[str, str] | None = None) -> str:
    done = run_step(archive, base, step, "--use-case", "hdb_resale", *arguments, environment=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def finished(archive: Path, tmp_path_factory: pytest.TempPathFactory, sample_file: Path) -> Path:
    """One run of all steps on the sample; returns the folder with what each step left."""
    work = tmp_path_factory.mktemp("run")
    provide(work / "a", raw=sample_file.parent)
    succeed(archive, work / "a", "validate")
    validated = work / "a" / "processing" / "output"

    provide(work / "b", validated=validated / "validated")
    succeed(archive, work / "b", "prepare", "--test-months", "12")
    prepared = work / "b" / "processing" / "output"

    channels = {name: prepared / name for name in ("train", "validation", "transformation")}
    provide_channels(work / "t", {"seed": "5", "max_depth": "4", "trials": "2"}, **channels)
    printed = succeed(archive, work / "t", "trial")
    (work / "t" / "printed").write_text(printed)
    best = pack(work / "t" / "model", work / "best")
    provide_channels(work / "c", {"seed": "5"}, **channels, trial=best)
    succeed(archive, work / "c", "train")
    packed = pack(work / "c" / "model", work / "packed")

    provide(work / "d", model=packed, test=prepared / "test", champion=packed)
    (work / "d" / "printed").write_text(succeed(archive, work / "d", "evaluate"))

    evaluation = work / "d" / "processing" / "output" / "evaluation"
    predictions = work / "d" / "processing" / "output" / "predictions"
    measured = {"report": validated / "report", "evaluation": evaluation}
    provide(
        work / "s",
        model=packed,
        test=prepared / "test",
        train=prepared / "train",
        predictions=predictions,
        **measured,
    )
    (work / "s" / "printed").write_text(succeed(archive, work / "s", "assess", "--criteria", CRITERIA))

    assessment = work / "s" / "processing" / "output" / "assessment"
    provide(work / "e", model=packed, assessment=assessment, **measured)
    store = {"MLFLOW_TRACKING_URI": f"sqlite:///{work}/mlflow.db", "MLFLOW_EXPERIMENT_NAME": "trial"}
    succeed(archive, work / "e", "track", environment=store)
    return work


def output(work: Path, step: str, name: str) -> Path:
    return work / step / "processing" / "output" / name


def training_channels(work: Path) -> dict[str, Path]:
    return {
        **{name: output(work, "b", name) for name in ("train", "validation", "transformation")},
        "trial": work / "best",
    }


def test_the_champion_is_asked_by_its_own_code(finished: Path) -> None:
    evaluation = json.loads((finished / "d" / "processing" / "output" / "evaluation" / "evaluation.json").read_text())
    champion = evaluation["champion"]
    assert (champion["compared"], champion["model_version"]) == (True, evaluation["model_version"])
    assert (
        champion["challenger"]
        == champion["champion"]
        == pytest.approx(evaluation["regression_metrics"]["mape"]["value"])
    )
    assert champion["win_confidence"] == 0.0
    assert "better in 0.0% of the draws" in (finished / "d" / "printed").read_text()


def test_validate_leaves_rows_and_a_report(finished: Path) -> None:
    report = json.loads((output(finished, "a", "report") / "validation.json").read_text())
    rows = pl.read_parquet(output(finished, "a", "validated") / "accepted.parquet")
    assert report["dataset"]["rows_accepted"] == rows.height == 5000
    assert (output(finished, "a", "report") / "quarantine.parquet").exists()
    assert "Singapore Open Data Licence" in report["dataset"]["notice"]


def test_a_trial_prints_the_score_that_the_tuning_job_reads(finished: Path) -> None:
    trial = json.loads((finished / "t" / "model" / "trial.json").read_text())
    assert set(trial) == {"parameters", "rounds", "score", "metric", "seconds"}
    assert (trial["parameters"]["max_depth"], trial["metric"]) == (4, "rmse")
    (score,) = re.findall(r"validation-score=([0-9.eE+-]+)", (finished / "t" / "printed").read_text())
    assert float(score) == pytest.approx(trial["score"])
    training = json.loads((finished / "c" / "model" / "metadata.json").read_text())["training"]
    assert (training["rounds"], training["validation_score"]) == (trial["rounds"], trial["score"])


def test_evaluate_beats_a_naive_guess(finished: Path) -> None:
    report = json.loads((output(finished, "d", "evaluation") / "evaluation.json").read_text())
    assert report["regression_metrics"]["mape"]["value"] < 7
    assert report["window"] == {"first_month": "2024-09", "last_month": "2025-08"}
    predictions = pl.read_parquet(output(finished, "d", "predictions") / "predictions.parquet")
    assert report["regression_metrics"]["n"]["value"] == predictions.height


def test_evaluate_keeps_known_answers_beside_the_predictions(finished: Path) -> None:
    folder = output(finished, "d", "predictions")
    known = json.loads((folder / "known_answers.json").read_text())
    predictions = pl.read_parquet(folder / "predictions.parquet")
    assert (known["kind"], known["test_rows"], len(known["rows"])) == ("regression", predictions.height, 300)
    assert set(known["rows"][0]["instance"]) < set(predictions.columns) - {"resale_price", "prediction"}
    tested = set(predictions.select("prediction", "resale_price").iter_rows())
    assert {(row["answer"], row["truth"]) for row in known["rows"]} <= tested


def test_assess_leaves_a_verdict_and_what_reviewers_read(finished: Path) -> None:
    folder = output(finished, "s", "assessment")
    assert {path.name for path in folder.iterdir()} == {
        "ai_verify.json",
        "assessment.json",
        "explanation.json",
        "fairness.json",
        "metadata.json",
        "model_card.json",
        "model_tests.json",
        "operational.json",
        "report.html",
        "robustness.json",
    }
    assessment = json.loads((folder / "assessment.json").read_text())
    assert assessment["verdict"] == "accepted", assessment["reason"]
    assert [entry["met"] for entry in assessment["criteria"]] == [True] * 5
    assert (finished / "s" / "printed").read_text().strip() == assessment["reason"]
    card = json.loads((folder / "model_card.json").read_text())
    assert card["additional_information"]["custom_details"]["code_sha256"]
    checks = {check["id"]: check for check in json.loads((folder / "ai_verify.json").read_text())["checks"]}
    assert checks["3.1.1"]["status"] == "answered"


def test_assess_says_the_same_again_but_for_the_time_it_takes(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(finished / "s" / "processing" / "input", tmp_path / "processing" / "input")
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    assert main(["assess", "--use-case", "hdb_resale", "--criteria", '{"mape": {"max": 0.1}}']) == 0
    first, second = output(finished, "s", "assessment"), tmp_path / "processing" / "output" / "assessment"
    for name in ("fairness.json", "explanation.json", "robustness.json", "model_tests.json", "ai_verify.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    assessment = json.loads((second / "assessment.json").read_text())
    assert assessment["verdict"] == "rejected"
    assert assessment["reason"].startswith("The model is rejected: mape ")


@pytest.mark.parametrize(
    ("criteria", "message"),
    [("{", "not JSON"), ('{"mappe": {"max": 1}}', "did you mean 'mape'"), ("{}", "there is none")],
)
def test_criteria_that_cannot_be_held_against_a_model_leave_nothing(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, criteria: str, message: str
) -> None:
    shutil.copytree(finished / "s" / "processing" / "input", tmp_path / "processing" / "input")
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    assert main(["assess", "--use-case", "hdb_resale", "--criteria", criteria]) == 2
    assert message in (tmp_path / "output" / "message").read_text()
    assert not list(tmp_path.glob("processing/output/assessment/*"))


def test_the_model_carries_the_code_that_trained_it(finished: Path, archive: Path) -> None:
    model = finished / "c" / "model"
    metadata = json.loads((model / "metadata.json").read_text())
    assert (model / "code" / archive.name).read_bytes() == archive.read_bytes()
    assert metadata["code"]["archive"] == archive.name
    assert metadata["training"]["parameters"]["max_depth"] == 4
    assert metadata["training"]["parameters"]["seed"] == 5
    assert not [path for path in model.rglob("*") if path.suffix in (".pkl", ".joblib", ".pickle")]


def test_same_data_and_seed_give_the_same_model_bytes(finished: Path, archive: Path, tmp_path: Path) -> None:
    provide_channels(tmp_path, {"seed": "5"}, **training_channels(finished))
    succeed(archive, tmp_path, "train")
    first = {path.name: path.read_bytes() for path in (finished / "c" / "model").rglob("*") if path.is_file()}
    second = {path.name: path.read_bytes() for path in (tmp_path / "model").rglob("*") if path.is_file()}
    assert first == second
    assert {"model.ubj", "transformation.json", "hedonic.parquet", "history.parquet", "metadata.json"} < set(first)


def test_another_seed_gives_another_model(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    provide_channels(tmp_path, {"seed": "6"}, **training_channels(finished))
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    assert main(["train", "--use-case", "hdb_resale"]) == 0
    assert (tmp_path / "model" / "model.ubj").read_bytes() != (finished / "c" / "model" / "model.ubj").read_bytes()


def test_track_records_everything_in_one_run(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlflow import MlflowClient

    tracking = json.loads((output(finished, "e", "tracking") / "tracking.json").read_text())
    client = MlflowClient(f"sqlite:///{finished}/mlflow.db")
    run = client.get_run(tracking["run_id"])
    report = json.loads((output(finished, "a", "report") / "validation.json").read_text())
    assert client.get_experiment(tracking["experiment_id"]).name == "trial"
    assert run.info.status == "FINISHED"
    assert run.data.metrics["test_mape"] < 7
    assert run.data.params["max_depth"] == "4"
    assert run.data.tags["dataset_sha256"] == report["dataset"]["sha256"]
    assert run.data.tags["code_archive"] == "0123456789abcdef.zip"
    assert run.data.tags["environment.polars"] == pl.__version__
    reports = finished / "artifacts" / tracking["run_id"] / "artifacts" / "reports"
    assert {path.name for path in reports.iterdir()} >= {"evaluation.json", "validation.json", "environment.json"}
    assert (reports / "assessment" / "report.html").exists()
    plots = [item.path for item in client.list_artifacts(tracking["run_id"], "plots")]
    assert plots == ["plots/mape_by_flat_type.png", "plots/mape_by_town.png"]


def test_the_tracked_model_has_a_signature_and_answers_as_the_artefact_does(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlflow

    from govml_pipeline.model.artefact import load_model, unpacked

    tracking = json.loads((output(finished, "e", "tracking") / "tracking.json").read_text())
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{finished}/mlflow.db")
    loaded = mlflow.pyfunc.load_model(f"runs:/{tracking['run_id']}/model")
    inputs = loaded.metadata.signature.inputs
    assert "resale_price" not in inputs.input_names()
    assert {spec.name for spec in inputs if not spec.required} == {"remaining_lease"}
    assert loaded.metadata.signature.outputs.input_names() == ["prediction"]
    assert loaded.metadata.flavors["python_function"]["loader_module"] == "govml_pipeline.tracking.flavor"
    stored = Path(mlflow.artifacts.download_artifacts(f"models:/{loaded.model_id}"))
    assert not [path for path in stored.rglob("*") if path.suffix in {".pkl", ".pickle", ".joblib"}]
    rows = (
        pl.read_parquet(output(finished, "b", "test") / "rows.parquet")
        .head(50)
        .drop("resale_price", "source_file", "source_line")
    )
    with unpacked(finished / "packed") as folder:
        expected = load_model(folder).predict(rows)
    assert pl.from_pandas(loaded.predict(rows.to_pandas())).equals(expected)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (text(header=HEADER.replace("town,", "city,")), "missing column 'town'"),
        (text(*[line()] * 3, line(resale_price="a lot")), "line 5: resale_price = 'a lot': malformed: not a number"),
        (text(*[line()] * 3)[:-40], "the file ends in the middle of this line"),
        (HEADER + "\n", "zero rows"),
        ("PK\x03\x04\x00\x00", "not a CSV file"),
    ],
)
def test_bad_files_end_with_2_and_leave_nothing_behind(
    tmp_path: Path, content: str, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = tmp_path / "processing" / "input" / "raw"
    raw.mkdir(parents=True)
    (raw / "delivery.csv").write_text(content)
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    assert main(["validate", "--use-case", "hdb_resale"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: ")
    assert message in told
    assert "delivery.csv" in told
    assert "hint: " in told
    assert message in (tmp_path / "output" / "message").read_text()
    assert not list((tmp_path / "processing").glob("output/**/*.*"))


def test_a_step_without_its_input_says_so(archive: Path, tmp_path: Path) -> None:
    done = run_step(archive, tmp_path, "validate", "--use-case", "hdb_resale")
    assert done.returncode == 2
    assert "processing input 'raw' is missing" in done.stderr
    assert "Traceback" not in done.stderr


IMPORTS = """
import contextlib, sys
from govml_pipeline.main import main
with contextlib.suppress(SystemExit):
    main(["train", "--help"])
print("read", *sys.modules)
import govml_pipeline.steps.assess, govml_pipeline.steps.monitor
print("steps", *sys.modules)
"""


def test_a_job_imports_no_other_job_s_libraries() -> None:
    """The command line of all steps is read without any of them, and SciPy is for those who calculate with it."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS],
        env={"PYTHONPATH": str(PROJECT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    read, steps = (next(set(line) for line in lines if line[:1] == [name]) for name in ("read", "steps"))
    assert not read & {"numpy", "polars", "pyarrow", "scipy", "govml_pipeline.data.contract"}
    assert not steps & {"mlflow", "pyiceberg", "scipy.stats", "sklearn", "xgboost"}


def test_an_unknown_use_case_is_the_users_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    assert main(["validate", "--use-case", "nothing"]) == 2
    assert "there is no use case 'nothing'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("step", "hyperparameters"),
    [
        ("trial", {"seed": "x"}),
        ("trial", {"depth": "3"}),
        ("trial", {"max_depth": "deep"}),
        ("trial", {"eta": "nan"}),
        ("train", {"seed": "-1"}),
        ("train", {"max_depth": "4"}),
    ],
)
def test_bad_hyperparameters_are_refused_in_the_failure_file(
    finished: Path, tmp_path: Path, step: str, hyperparameters: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    provide_channels(tmp_path, hyperparameters, **training_channels(finished))
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    assert main([step, "--use-case", "hdb_resale"]) == 2
    assert next(iter(hyperparameters)) in (tmp_path / "output" / "failure").read_text()
    assert not list(tmp_path.glob("model/*"))


def test_training_without_a_trial_is_refused(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    provide_channels(tmp_path, {}, **{**training_channels(finished), "trial": output(finished, "b", "test")})
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    assert main(["train", "--use-case", "hdb_resale"]) == 2
    assert "holds no trial.json" in capsys.readouterr().err


def test_a_damaged_model_archive_is_refused(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    provide(tmp_path, model=finished / "packed", test=output(finished, "b", "test"))
    packed = tmp_path / "processing" / "input" / "model" / "model.tar.gz"
    packed.write_bytes(packed.read_bytes()[:1000])
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    assert main(["evaluate", "--use-case", "hdb_resale"]) == 2
    assert "cannot be unpacked" in capsys.readouterr().err


def test_the_code_inside_the_model_serves_it(finished: Path, tmp_path: Path) -> None:
    """What the inference container does: run the archive found in the model folder."""
    shutil.copytree(finished / "c" / "model", tmp_path / "model")
    (code,) = (tmp_path / "model" / "code").iterdir()
    done = run_step(code, tmp_path, "serve", "--host", "127.0.0.1", "--port", "99999")
    assert done.returncode == 2
    assert "cannot listen on 127.0.0.1:99999" in done.stderr
