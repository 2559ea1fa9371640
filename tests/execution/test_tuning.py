"""Tuning steps against an account in memory."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from govml.execution.record import Status
from govml.execution.report import report

RANGES = {
    "CategoricalParameterRanges": [
        {"Name": "depth", "Values": ["2", "4", "8"]},
        {"Name": "rate", "Values": ["0.1", "0.3"]},
    ]
}
TRIAL = """
import json, os, pathlib
base = pathlib.Path(os.environ['SAGEMAKER_BASE_DIR'])
hyper = json.loads((base / 'input/config/hyperparameters.json').read_text())
assert (base / 'input/data/train/rows.csv').exists() and hyper['seed'] == '7'
assert os.environ['TRAINING_JOB_NAME'].count('-') >= 4
score = abs(float(hyper['depth']) - 4) + float(hyper['rate'])
(base / 'model/trial.json').write_text(json.dumps({'depth': hyper['depth'], 'rate': hyper['rate']}))
print(f'warming up score=99\\nscore={score}')
"""
SLOW = """
import json, os
settings = json.load(open(os.environ['SAGEMAKER_BASE_DIR'] + '/input/config/hyperparameters.json'))
if settings['depth'] == 'SLOW_DEPTH':
    sum(range(10_000_000))
"""
USE = """
import pathlib, tarfile
archive = tarfile.open('/opt/ml/processing/input/best/model.tar.gz')
pathlib.Path('/opt/ml/processing/output/used/best.json').write_bytes(archive.extractfile('trial.json').read())
"""


def pipeline(steps: Any, s3: Any, bucket: str, code: str = TRIAL, **options: Any) -> str:
    """A search, and a step that takes the best trial's model."""
    s3.put_object(Bucket=bucket, Key="train/rows.csv", Body=b"1\n")
    best = {
        "Std:Join": {
            "On": "/",
            "Values": [
                {"Get": "Steps.Tune.TrainingJobDefinition.OutputDataConfig.S3OutputPath"},
                {"Get": "Steps.Tune.BestTrainingJob.TrainingJobName"},
                "output",
                "model.tar.gz",
            ],
        }
    }
    tune = steps.tuning("Tune", code, channels={"train": f"s3://{bucket}/train/"}, ranges=RANGES, **options)
    return steps.definition(tune, steps.processing("Use", USE, inputs={"best": best}, outputs=("used",)))


@pytest.fixture
def search(steps: Any, s3: Any, bucket: str) -> Any:
    return functools.partial(pipeline, steps, s3, bucket)


@pytest.mark.parametrize("parallel", [1, 4])
def test_the_best_trial_of_a_grid_goes_on(prepare: Any, steps: Any, s3: Any, bucket: str, parallel: int) -> None:
    run = prepare(pipeline(steps, s3, bucket, strategy="Grid", trials=6, parallel=parallel))
    record = run.runner.run()
    assert record.status is Status.SUCCEEDED, report(record, directory=run.directory)
    used = s3.get_object(Bucket=bucket, Key="out/Use/used/best.json")["Body"].read()
    assert json.loads(used) == {"depth": "4", "rate": "0.1"}
    found = record.step("Tune").properties
    assert found["BestTrainingJob"]["TunedHyperParameters"] == {"depth": "4", "rate": "0.1"}
    scores = [each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for each in found["TrainingJobSummaries"]]
    assert scores == [0.1, 0.3, 2.1, 2.3, 4.1, 4.3]
    assert found["TrainingJobStatusCounters"]["Completed"] == 6
    assert len(found["HyperParameterTuningJobName"]) <= 32  # the service's limit
    shown = report(record, directory=run.directory)
    assert "Tune: 6 trials, 0 failed; best first:" in shown
    best = next(line for line in shown.splitlines() if line.endswith("depth=4 rate=0.1")).split()
    assert (best[0], float(best[1]) >= 0) == ("0.1", True)
    drawn = [(trial["parameters"]["depth"], trial["parameters"]["rate"]) for trial in record.step("Tune").trials]
    assert drawn == [("2", "0.1"), ("2", "0.3"), ("4", "0.1"), ("4", "0.3"), ("8", "0.1"), ("8", "0.3")]


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_the_outcome_does_not_depend_on_which_trial_ends_first(
    prepare: Any, steps: Any, s3: Any, bucket: str, strategy: str
) -> None:
    """Two runs whose trials of one round end in opposite orders draw and choose the same."""
    outcomes = []
    for slow in ("2", "8"):
        late = SLOW.replace("SLOW_DEPTH", slow)
        run = prepare(pipeline(steps, s3, bucket, late + TRIAL, strategy=strategy, trials=6, parallel=3))
        summaries = run.runner.run().step("Tune").properties["TrainingJobSummaries"]
        outcomes.append([each["TunedHyperParameters"] for each in summaries])
    assert outcomes[0] == outcomes[1]


def test_a_trial_that_fails_is_left_out(prepare: Any, steps: Any, s3: Any, bucket: str) -> None:
    code = TRIAL.replace("score = abs", "assert hyper['depth'] != '4', 'too deep'\nscore = abs")
    run = prepare(pipeline(steps, s3, bucket, code, strategy="Grid", trials=6))
    record = run.runner.run()
    found = record.step("Tune").properties
    assert found["TrainingJobStatusCounters"] == {"Completed": 4, "NonRetryableError": 2, "Stopped": 0}
    assert found["BestTrainingJob"]["TunedHyperParameters"] == {"depth": "2", "rate": "0.1"}
    log = Path(record.step("Tune").log).read_text()
    assert "failed: the process ended with exit code 1" in log
    assert log.count("trial ") == 6
    assert [trial["score"] is None for trial in record.step("Tune").trials] == [False, False, True, True, False, False]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise SystemExit(3)", "all 2 trials failed; the first: the process ended with exit code 3"),
        ("print('nothing measured')", "left nothing in /opt/ml/model"),
        (TRIAL.replace("score={score}", "done").replace("score=99", ""), "the trial printed no score"),
        (TRIAL.replace("{score}", "nan").replace("score=99", ""), "the trial printed no score"),
    ],
)
def test_when_every_trial_fails_the_step_fails(prepare: Any, search: Any, code: str, message: str) -> None:
    record = prepare(search(code, strategy="Random", trials=2)).runner.run()
    assert record.status is Status.FAILED
    assert message in record.step("Tune").reason
    assert record.step("Tune").log.endswith("/trials/001/log.txt")
    assert record.step("Use").status is Status.NOT_RUN


def test_a_grid_that_the_trials_do_not_fit_is_refused_before_any_trial(
    prepare: Any, steps: Any, s3: Any, bucket: str
) -> None:
    run = prepare(pipeline(steps, s3, bucket, strategy="Grid", trials=5))
    record = run.runner.run()
    assert "the grid has 6 combinations, but 5 trials" in record.step("Tune").reason
    assert not (run.directory / "steps" / "Tune" / "trials").exists()


def changed(text: str, change: Any) -> str:
    raw = json.loads(text)
    change(raw["Steps"][0]["Arguments"])
    return json.dumps(raw)


def test_a_grid_without_a_number_of_trials_has_all_combinations(prepare: Any, search: Any) -> None:
    text = changed(
        search(strategy="Grid"),
        lambda request: request["HyperParameterTuningJobConfig"]["ResourceLimits"].pop("MaxNumberOfTrainingJobs"),
    )
    assert len(prepare(text).runner.run().step("Tune").trials) == 6


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            lambda request: request["HyperParameterTuningJobConfig"]["ResourceLimits"].pop("MaxNumberOfTrainingJobs"),
            "has no MaxNumberOfTrainingJobs, which the strategy Random needs",
        ),
        (
            lambda request: request["HyperParameterTuningJobConfig"].pop("ParameterRanges"),
            "has no hyperparameter to vary",
        ),
        (
            lambda request: request["TrainingJobDefinition"]["AlgorithmSpecification"].update(
                MetricDefinitions=[{"Name": "score", "Regex": "score=("}]
            ),
            "which is none",
        ),
        (
            lambda request: request["TrainingJobDefinition"]["AlgorithmSpecification"].update(
                MetricDefinitions=[{"Name": "score", "Regex": "score=.*"}]
            ),
            "which has no group around the number",
        ),
    ],
)
def test_a_tuning_job_that_cannot_be_read_fails_with_its_reason(
    prepare: Any, search: Any, change: Any, reason: str
) -> None:
    step = prepare(changed(search(strategy="Random"), change)).runner.run().step("Tune")
    assert step.status is Status.FAILED
    assert reason in step.reason
