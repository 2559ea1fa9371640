"""Whole runs of toy pipelines against an account in memory."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from govml.errors import UserError
from govml.execution.record import RunStore, Status, seconds
from govml.execution.report import report


def states(run: Any) -> dict[str, str]:
    return {step.name: str(step.status) for step in run.record.steps}


TRAIN = """
import json, os, pathlib
base = pathlib.Path(os.environ['SAGEMAKER_BASE_DIR'])
config = base / 'input/config'
hyper = json.loads((config / 'hyperparameters.json').read_text())
assert hyper['dir'] == str(base / 'model'), hyper
assert json.loads((config / 'inputdataconfig.json').read_text())['train'] == {
    'ContentType': 'text/csv', 'TrainingInputMode': 'File', 'S3DistributionType': 'FullyReplicated',
    'RecordWrapperType': 'None'}
assert json.loads((config / 'resourceconfig.json').read_text())['hosts'] == ['algo-1']
assert os.environ['TRAINING_JOB_NAME'] in os.environ['TRAINING_JOB_ARN']
rows = (base / 'input/data/train/rows.csv').read_text()
(pathlib.Path('/opt/ml/model') / 'model.json').write_text(json.dumps({'rows': rows, 'seed': hyper['seed']}))
(base / 'output/data/plot.txt').write_text('plot')
"""
PREPARE = """
import os, pathlib, shutil
shutil.copy('/opt/ml/processing/input/raw/data.csv', '/opt/ml/processing/output/train/rows.csv')
"""
EVALUATE = """
import json, pathlib, tarfile
model = tarfile.open('/opt/ml/processing/input/model/model.tar.gz').extractfile('model.json').read()
metrics = {'mae': {'value': float(len(json.loads(model)['rows']))}}
pathlib.Path('/opt/ml/processing/output/evaluation/evaluation.json').write_text(json.dumps(metrics))
"""


@pytest.fixture
def raw(s3: Any, bucket: str) -> str:
    s3.put_object(Bucket=bucket, Key="raw/data.csv", Body=b"a,b\n1,2\n")
    return f"s3://{bucket}/raw/"


@pytest.fixture
def group(sagemaker: Any, bucket: str) -> str:
    sagemaker.create_model_package_group(ModelPackageGroupName=bucket)
    return bucket


@pytest.fixture
def whole(steps: Any, group: str, kms_key: str, raw: str) -> str:
    """Prepare -> Train -> Evaluate -> gate -> Register or Rejected, as the real pipeline."""
    rows = {"Get": "Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"}
    model = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}
    folder = {"Get": "Steps.Evaluate.ProcessingOutputConfig.Outputs['evaluation'].S3Output.S3Uri"}
    statistics = {"Std:Join": {"On": "/", "Values": [folder, "evaluation.json"]}}
    mae = {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Evaluation"}, "Path": "mae.value"}}
    limit = {"Get": "Parameters.MaxMae"}
    register = steps.register(
        "Register",
        group,
        model,
        CustomerMetadataProperties={
            "Mae": {"Std:Join": {"On": "", "Values": [mae]}},
            "Run": {"Get": "Execution.PipelineExecutionId"},
        },
        ModelMetrics={"ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": statistics}}},
    )
    message = {"Std:Join": {"On": "", "Values": ["MAE ", mae, " is above ", limit]}}
    rejected = {"Name": "Rejected", "Type": "Fail", "Arguments": {"ErrorMessage": message}}
    text: str = steps.definition(
        steps.processing(
            "Prepare", PREPARE, inputs={"raw": {"Get": "Parameters.InputDataUri"}}, outputs=("train",), isolated=True
        ),
        steps.training(
            "Train",
            TRAIN,
            channels={"train": rows},
            EnableNetworkIsolation=True,
            OutputDataConfig={"S3OutputPath": f"s3://{group}/models", "KmsKeyId": kms_key},
        ),
        steps.processing(
            "Evaluate",
            EVALUATE,
            inputs={"model": model},
            outputs=("evaluation",),
            kms_key=kms_key,
            files={"Evaluation": ("evaluation", "evaluation.json")},
        ),
        steps.gate(
            "Gate",
            [{"Type": "LessThanOrEqualTo", "LeftValue": mae, "RightValue": limit}],
            then=[register],
            otherwise=[rejected],
        ),
        parameters=[
            {"Name": "InputDataUri", "Type": "String", "DefaultValue": raw},
            {"Name": "MaxMae", "Type": "Float", "DefaultValue": 100},
        ],
    )
    return text


def test_a_whole_pipeline_registers_its_model_with_lineage(
    prepare: Any, whole: str, kms_key: str, s3: Any, sagemaker: Any
) -> None:
    local = prepare(whole)
    record = local.runner.run()

    assert record.status is Status.SUCCEEDED, report(record, directory=local.directory)
    assert states(local) == {
        "Prepare": "Succeeded",
        "Train": "Succeeded",
        "Evaluate": "Succeeded",
        "Gate": "Succeeded",
        "Register": "Succeeded",
        "Rejected": "NotRun",
    }
    train = record.step("Train")
    bucket = train.properties["OutputDataConfig"]["S3OutputPath"].split("/")[2]
    uri = train.properties["ModelArtifacts"]["S3ModelArtifacts"]
    assert uri == f"s3://{bucket}/models/{train.job_name}/output/model.tar.gz"
    assert train.artifacts == [uri]
    key = uri.removeprefix(f"s3://{bucket}/")
    head = s3.head_object(Bucket=bucket, Key=key)
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", kms_key)
    assert s3.head_object(Bucket=bucket, Key=key.replace("model.tar.gz", "output.tar.gz"))

    package = sagemaker.describe_model_package(ModelPackageName=record.model_package_arn)
    assert package["CustomerMetadataProperties"] == {"Mae": "8.0", "Run": record.run_id}
    assert package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"] == uri
    statistics = package["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]
    assert statistics == f"s3://{bucket}/out/Evaluate/evaluation/evaluation.json"
    assert json.loads((local.directory / "run.json").read_text())["status"] == "Succeeded"
    assert not list(local.directory.rglob("opt-ml")), "the directories of succeeded steps are removed"


def test_the_same_data_gives_the_same_model_archive(prepare: Any, whole: str, bucket: str, s3: Any) -> None:
    digests = set()
    for _ in range(2):
        record = prepare(whole).runner.run()
        uri = record.step("Train").artifacts[0]
        body = s3.get_object(Bucket=bucket, Key=uri.removeprefix(f"s3://{bucket}/"))["Body"].read()
        with tarfile.open(fileobj=io.BytesIO(body)) as archive:
            assert archive.getnames() == ["model.json"]
        digests.add(hashlib.sha256(body).hexdigest())
    assert len(digests) == 1


def test_a_model_beyond_its_acceptance_criteria_is_not_registered(
    prepare: Any, whole: str, group: str, sagemaker: Any
) -> None:
    record = prepare(whole, given={"MaxMae": "7.5"}).runner.run()
    assert record.status is Status.FAILED
    assert record.step("Rejected").reason == "MAE 8.0 is above 7.5"
    assert record.step("Register").status is Status.NOT_RUN
    assert sagemaker.list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"] == []


def test_a_failed_step_shows_its_reason_and_log_and_stops_what_is_behind_it(prepare: Any, steps: Any) -> None:
    code = "import sys; print('looking'); print('\\x1b[31mno such column: price'); sys.exit(3)"
    local = prepare(steps.definition(steps.processing("Bad", code), steps.processing("After", depends_on=("Bad",))))
    record = local.runner.run()
    assert (record.status, states(local)) == (Status.FAILED, {"Bad": "Failed", "After": "NotRun"})
    assert record.step("Bad").reason == "the process ended with exit code 3"
    text = report(record, directory=local.directory)
    assert "  | looking\n  | no such column: price\n" in text
    assert f"{local.directory}/steps/Bad/log.txt" in text
    assert "\x1b" not in text
    assert (local.directory / "steps/Bad/opt-ml").is_dir(), "the directory of a failed step is kept"


@pytest.mark.parametrize("name", ["failure", "message"])
def test_the_reason_is_what_the_step_wrote_for_sagemaker(prepare: Any, steps: Any, name: str) -> None:
    code = f"import pathlib, sys; pathlib.Path('/opt/ml/output/{name}').write_text('no rows in 2024-09'); sys.exit(2)"
    record = prepare(steps.definition(steps.processing("Bad", code))).runner.run()
    assert record.step("Bad").reason == "the process ended with exit code 2: no rows in 2024-09"


def test_after_a_failure_nothing_starts_but_what_runs_ends_by_itself(prepare: Any, steps: Any, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    slow = f"import signal; signal.alarm(20); open({str(pipe)!r}).read()"
    bad, third = steps.processing("Bad", "raise SystemExit(1)"), steps.processing("Third")
    local = prepare(steps.definition(bad, steps.processing("Slow", slow), third), workers=2)

    def listener(step: Any) -> None:
        if step.name == "Bad" and step.ended:
            pipe.open("w").close()  # only now may `Slow` end

    local.runner.run(listener)
    assert states(local) == {"Bad": "Failed", "Slow": "Succeeded", "Third": "NotRun"}


def test_independent_steps_overlap(prepare: Any, steps: Any, tmp_path: Any) -> None:
    # Opening a FIFO blocks until the other end is opened: each can end only while the other runs.
    left, right = tmp_path / "left", tmp_path / "right"
    os.mkfifo(left)
    os.mkfifo(right)
    meet = "import signal; signal.alarm(20); open({0!r}, {1!r}).close(); open({2!r}, {3!r}).close()"
    local = prepare(
        steps.definition(
            steps.processing("A", meet.format(str(left), "r", str(right), "w")),
            steps.processing("B", meet.format(str(left), "w", str(right), "r")),
        ),
        workers=2,
    )
    assert local.runner.run().status is Status.SUCCEEDED


def test_one_worker_runs_one_step_at_a_time(prepare: Any, steps: Any, tmp_path: Any) -> None:
    lock = str(tmp_path / "lock")
    alone = f"import os; os.close(os.open({lock!r}, os.O_CREAT | os.O_EXCL)); os.unlink({lock!r})"
    names = [f"S{number}" for number in range(4)]
    local = prepare(steps.definition(*(steps.processing(name, alone) for name in names)), workers=1)
    assert local.runner.run().status is Status.SUCCEEDED
    times = [(step.started, step.ended) for step in local.record.steps]
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(times))


def test_a_step_that_outlives_its_stopping_condition_fails(prepare: Any, steps: Any) -> None:
    local = prepare(steps.definition(steps.processing("Endless", "import signal; signal.pause()", seconds=1)))
    step = local.runner.run().step("Endless")
    assert step.reason == "stopped after its MaxRuntimeInSeconds of 1"
    assert seconds(step) < 15, "it was this limit and no other"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"inputs": {"x": "s3://{bucket}/nothing/"}}, "there is no S3 object under s3://{bucket}/nothing/"),
        ({"inputs": {"x": "s3://no-such-bucket-here/x/"}}, "cannot list s3://no-such-bucket-here/x/"),
        (
            {"kms_key": "arn:aws:kms:ap-southeast-1:123456789012:key/00000000-0000-0000-0000-000000000000"},
            "there is no KMS key",
        ),
        ({"environment": {"SEED": 3}}, "CreateProcessingJob would refuse the arguments"),
    ],
)
def test_what_sagemaker_would_refuse_fails_the_step(
    prepare: Any, steps: Any, bucket: str, change: Any, reason: str
) -> None:
    filled = json.loads(json.dumps(change).replace("{bucket}", bucket))
    record = prepare(steps.definition(steps.processing("Step", **filled))).runner.run()
    assert record.step("Step").status is Status.FAILED
    assert reason.format(bucket=bucket) in record.step("Step").reason


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), EndpointConnectionError(endpoint_url="http://127.0.0.1:1")]
)
def test_a_fault_of_the_platform_fails_the_step_and_is_called_so(
    prepare: Any, steps: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("govml.execution.objects.ObjectStore.upload_tree", broken)
    local = prepare(steps.definition(steps.processing("A", outputs=("o",)), steps.processing("B", depends_on=("A",))))
    local.runner.run()
    assert states(local) == {"A": "Failed", "B": "NotRun"}
    assert local.record.step("A").reason.startswith(f"the platform failed: {error}")
    assert RunStore(local.directory.parent).load("latest").status is Status.FAILED


@pytest.mark.parametrize("side", ["ProcessingInputs", "Outputs"])
def test_a_processing_path_outside_of_processing_is_refused(prepare: Any, steps: Any, raw: str, side: str) -> None:
    step = steps.processing("A", inputs={"x": raw}, outputs=("o",))
    request = step["Arguments"]
    places = request["ProcessingInputs"] if side == "ProcessingInputs" else request["ProcessingOutputConfig"]["Outputs"]
    (place,) = places
    (place.get("S3Input") or place["S3Output"])["LocalPath"] = "/opt/ml/model"
    record = prepare(steps.definition(step)).runner.run()
    assert record.step("A").reason == "the container path /opt/ml/model is not below /opt/ml/processing"


def test_a_training_step_without_a_model_fails(prepare: Any, steps: Any, raw: str) -> None:
    record = prepare(steps.definition(steps.training("Train", "pass", channels={"train": raw}))).runner.run()
    assert "left nothing in /opt/ml/model" in record.step("Train").reason


def test_registering_needs_the_group_and_the_archive(prepare: Any, steps: Any, bucket: str, group: str) -> None:
    record = prepare(steps.definition(steps.register("R", "no-such-group", f"s3://{bucket}/m.tar.gz"))).runner.run()
    assert "there is no model package group 'no-such-group'" in record.step("R").reason
    record = prepare(steps.definition(steps.register("R", group, f"s3://{bucket}/m.tar.gz"))).runner.run()
    assert "does not exist" in record.step("R").reason


def test_a_nan_metric_fails_the_gate_instead_of_choosing_a_branch(prepare: Any, steps: Any) -> None:
    code = "import pathlib; pathlib.Path('/opt/ml/processing/output/o/m.json').write_text('{\"mae\": NaN}')"
    mae = {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.M"}, "Path": "mae"}}
    local = prepare(
        steps.definition(
            steps.processing("Evaluate", code, outputs=("o",), files={"M": ("o", "m.json")}),
            steps.gate(
                "Gate",
                [{"Type": "LessThan", "LeftValue": mae, "RightValue": 1.0}],
                then=[steps.processing("Yes")],
                otherwise=[steps.processing("No")],
            ),
        )
    )
    local.runner.run()
    assert states(local) == {"Evaluate": "Succeeded", "Gate": "Failed", "Yes": "NotRun", "No": "NotRun"}
    assert "NaN is not JSON" in local.record.step("Gate").reason


def test_a_step_behind_a_branch_that_was_not_taken_does_not_run(prepare: Any, steps: Any) -> None:
    text = steps.definition(
        steps.gate(
            "Outer",
            [{"Type": "Equals", "LeftValue": {"Get": "Parameters.Mode"}, "RightValue": "full"}],
            then=[
                steps.gate(
                    "Inner",
                    [{"Type": "Equals", "LeftValue": 1, "RightValue": 2}],
                    then=[steps.processing("Deep")],
                    otherwise=[steps.processing("Else")],
                )
            ],
            otherwise=[steps.processing("Short")],
        ),
        steps.processing("AfterElse", depends_on=("Else",)),
        steps.processing("AfterShort", depends_on=("Short",)),
        parameters=[{"Name": "Mode", "Type": "String", "DefaultValue": "full"}],
    )
    local = prepare(text)
    assert local.runner.run().status is Status.SUCCEEDED
    assert states(local) == {
        "Outer": "Succeeded",
        "Inner": "Succeeded",
        "Deep": "NotRun",
        "Else": "Succeeded",
        "Short": "NotRun",
        "AfterElse": "Succeeded",
        "AfterShort": "NotRun",
    }


@pytest.mark.parametrize(
    ("mend", "message"),
    [
        (lambda d: d["Steps"][0].update(Type="QualityCheck"), "step A is of type QualityCheck"),
        (lambda d: d["Steps"][0]["Arguments"]["AppSpecification"].pop("ContainerEntrypoint"), "step A has no Contain"),
        (lambda d: d["Steps"][0].update(DependsOn=["B"]), "circle"),
        (lambda d: d["Steps"][1].update(DependsOn=["C"]), "depends on C"),
    ],
)
def test_what_cannot_run_is_refused_before_anything_runs(
    prepare: Any, steps: Any, tmp_path: Any, mend: Any, message: str
) -> None:
    raw = json.loads(steps.definition(steps.processing("A"), steps.processing("B", depends_on=("A",))))
    mend(raw)
    with pytest.raises(UserError, match=message):
        prepare(json.dumps(raw))
    assert not RunStore(tmp_path / "state" / "runs").all()
