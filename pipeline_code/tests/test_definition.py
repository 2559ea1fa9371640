"""The committed definition, and the validator against it: nothing found on the real one, every seeded fault found."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.text import canonical
from govml_pipeline.authoring.validator import validate
from govml_pipeline.authoring.validator.commands import INTERFACES
from govml_pipeline.authoring.validator.model import flatten
from govml_pipeline.steps import STEPS
from govml_pipeline.usecase import load_use_case

PATH = Path(__file__).parents[1] / "usecases" / "hdb_resale" / "definition.json"
TEXT = PATH.read_text(encoding="utf-8")
DEFINITION: dict[str, Any] = json.loads(TEXT)
JOBS = ("Validate", "Prepare", "Tune", "Train", "Evaluate", "Assess", "Track")
COMMANDS = {name: "trial" if name == "Tune" else name.lower() for name in JOBS}

Path_ = tuple[str | int, ...]


def step(definition: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item for item in flatten(definition["Steps"]) if item["Name"] == name)


def test_the_real_definition_has_no_findings() -> None:
    assert validate(DEFINITION) == []


def test_is_written_canonically() -> None:
    assert canonical(DEFINITION) == PATH.read_text(encoding="utf-8")


def test_the_definitions_use_exactly_the_agreed_placeholders() -> None:
    pipelines = PATH.parents[2] / "pipelines"
    others = [json.loads(path.read_text(encoding="utf-8")) for path in pipelines.glob("*/definition.json")]
    elsewhere = {"DataSource", "RawUri", "CuratedUri", "Database", "UseCase", "FeatureGroupPrefix", "EndpointName"}
    assert open_values.find(DEFINITION) == set(open_values.SAMPLES) - elsewhere
    assert open_values.find([DEFINITION, *others]) == set(open_values.SAMPLES)


@pytest.mark.parametrize("data_type", ["S3Prefix", "ManifestFile"])
def test_the_raw_data_is_a_prefix_or_a_manifest(data_type: str) -> None:
    filled = open_values.fill(DEFINITION, {**open_values.SAMPLES, "RawDataType": data_type})
    inputs = step(filled, "Validate")["Arguments"]["ProcessingInputs"]
    assert {item["InputName"]: item["S3Input"]["S3DataType"] for item in inputs} == {
        "code": "S3Prefix",
        "raw": data_type,
    }


def test_has_the_agreed_parameters() -> None:
    assert [parameter["Name"] for parameter in DEFINITION["Parameters"]] == [
        "InputDataUri", "ChampionUri", "InstanceType", "TrainInstanceCount", "TuningStrategy", "TuningTrials",
        "TuningParallelTrials", "AcceptanceCriteria", "TestMonths", "Seed", "ModelPackageGroupName", "ModelApprovalStatus",
    ]  # fmt: skip


def test_has_the_agreed_steps() -> None:
    assert [(item["Name"], item["Type"]) for item in flatten(DEFINITION["Steps"])] == [
        ("Validate", "Processing"),
        ("Prepare", "Processing"),
        ("Tune", "Tuning"),
        ("Train", "Training"),
        ("Evaluate", "Processing"),
        ("Assess", "Processing"),
        ("Track", "Processing"),
        ("AcceptanceGate", "Condition"),
        ("Register", "RegisterModel"),
        ("Rejected", "Fail"),
    ]


def command(name: str) -> list[str]:
    arguments = step(DEFINITION, name)["Arguments"]
    if "TrainingJobDefinition" in arguments:
        words: list[str] = arguments["TrainingJobDefinition"]["Environment"]["GOVML_COMMAND"].split(" ")
        return words[2:]
    specification = arguments.get("AppSpecification") or arguments["AlgorithmSpecification"]
    started: list[str] = specification["ContainerArguments"]
    return started


def test_every_job_runs_a_step_that_the_archive_knows() -> None:
    for name in JOBS:
        assert command(name)[:3] == [COMMANDS[name], "--use-case", "hdb_resale"]
        assert COMMANDS[name] in STEPS


def test_the_validator_knows_every_command_that_a_pipeline_may_run() -> None:
    """`serve` and `transform` are started by containers of other kinds."""
    assert set(INTERFACES) == set(STEPS) - {"predict", "serve", "transform"}


def test_only_track_may_use_the_network() -> None:
    isolated = {}
    for name in JOBS:
        arguments = step(DEFINITION, name)["Arguments"]
        holder = arguments.get("NetworkConfig") or arguments.get("TrainingJobDefinition") or arguments
        isolated[name] = holder["EnableNetworkIsolation"]
    assert isolated == {name: name != "Track" for name in JOBS}


def test_every_job_but_the_first_may_come_from_the_cache() -> None:
    cached = {name: step(DEFINITION, name).get("CacheConfig") for name in JOBS}
    thirty_days = {"Enabled": True, "ExpireAfter": "P30D"}
    assert cached == {"Validate": None, **dict.fromkeys(JOBS[1:], thirty_days)}


def test_steps_with_effects_elsewhere_are_never_cached() -> None:
    for path in (PATH.parents[2] / "pipelines").glob("*/definition.json"):
        steps = json.loads(path.read_text(encoding="utf-8"))["Steps"]
        assert [item["Name"] for item in steps if "CacheConfig" in item] == []


def test_the_search_space_is_the_use_case_s() -> None:
    search = load_use_case("hdb_resale").training.search
    ranges = step(DEFINITION, "Tune")["Arguments"]["HyperParameterTuningJobConfig"]["ParameterRanges"]
    assert {item["Name"]: item["Values"] for item in ranges["CategoricalParameterRanges"]} == {
        name: [str(value) for value in values] for name, values in search.items()
    }
    assert set(ranges) == {"CategoricalParameterRanges"}


def test_training_reads_the_best_trial_s_model() -> None:
    channels = {item["ChannelName"]: item for item in step(DEFINITION, "Train")["Arguments"]["InputDataConfig"]}
    assert channels["trial"]["DataSource"]["S3DataSource"]["S3Uri"]["Std:Join"]["Values"] == [
        {"Get": "Steps.Tune.TrainingJobDefinition.OutputDataConfig.S3OutputPath"},
        {"Get": "Steps.Tune.BestTrainingJob.TrainingJobName"},
        "output",
        "model.tar.gz",
    ]


def test_the_gate_asks_for_the_assessment_s_verdict() -> None:
    (condition,) = step(DEFINITION, "AcceptanceGate")["Arguments"]["Conditions"]
    verdict = {"Path": "verdict", "PropertyFile": {"Get": "Steps.Assess.PropertyFiles.Assessment"}}
    assert condition == {"Type": "Equals", "LeftValue": {"Std:JsonGet": verdict}, "RightValue": "accepted"}


def test_a_model_package_says_where_it_comes_from() -> None:
    arguments = step(DEFINITION, "Register")["Arguments"]
    assert set(arguments["CustomerMetadataProperties"]) == {
        "UseCase", "CodeArchive", "DatasetUri", "DatasetSha256", "MlflowRunId", "TuningJob", "Verdict",
        "HeadlineMetric", "HeadlineValue", "PipelineExecution", "ValidationReport", "Assessment", "KnownAnswers", "DriftBaseline",
    }  # fmt: skip
    metrics = arguments["ModelMetrics"]
    sources = (metrics["ModelQuality"]["Statistics"], metrics["Bias"]["Report"], metrics["Explainability"]["Report"])
    assert [source["S3Uri"]["Std:Join"]["Values"][-1] for source in sources] == [
        "evaluation.json",
        "fairness.json",
        "explanation.json",
    ]


def test_the_gate_waits_for_tracking() -> None:
    assert step(DEFINITION, "AcceptanceGate")["DependsOn"] == ["Track"]


def mutated(change: Callable[[dict[str, Any]], Any]) -> list[str]:
    definition = json.loads(TEXT)
    change(definition)
    return validate(definition)


def set_at(definition: dict[str, Any], name: str, path: Path_, value: Any) -> None:
    target: Any = step(definition, name)["Arguments"]
    for part in path[:-1]:
        target = target[part]
    target[path[-1]] = value


def delete_at(definition: dict[str, Any], name: str, path: Path_) -> None:
    target: Any = step(definition, name)["Arguments"]
    for part in path[:-1]:
        target = target[part]
    del target[path[-1]]


PROCESSING: dict[str, Path_] = {
    "encryption between containers": ("NetworkConfig", "EnableInterContainerTrafficEncryption"),
    "network isolation": ("NetworkConfig", "EnableNetworkIsolation"),
    "subnets": ("NetworkConfig", "VpcConfig", "Subnets"),
    "security groups": ("NetworkConfig", "VpcConfig", "SecurityGroupIds"),
    "vpc": ("NetworkConfig", "VpcConfig"),
    "network": ("NetworkConfig",),
    "volume key": ("ProcessingResources", "ClusterConfig", "VolumeKmsKeyId"),
    "output key": ("ProcessingOutputConfig", "KmsKeyId"),
    "role": ("RoleArn",),
    "image": ("AppSpecification", "ImageUri"),
    "command": ("AppSpecification", "ContainerEntrypoint"),
    "time limit": ("StoppingCondition",),
}
TRAINING: dict[str, Path_] = {
    "encryption between containers": ("EnableInterContainerTrafficEncryption",),
    "network isolation": ("EnableNetworkIsolation",),
    "subnets": ("VpcConfig", "Subnets"),
    "security groups": ("VpcConfig", "SecurityGroupIds"),
    "vpc": ("VpcConfig",),
    "volume key": ("ResourceConfig", "VolumeKmsKeyId"),
    "output key": ("OutputDataConfig", "KmsKeyId"),
    "role": ("RoleArn",),
    "image": ("AlgorithmSpecification", "TrainingImage"),
    "command": ("AlgorithmSpecification", "ContainerEntrypoint"),
    "time limit": ("StoppingCondition",),
}


TRIALS: dict[str, Path_] = {
    what: ("TrainingJobDefinition", *path) for what, path in TRAINING.items() if what != "command"
} | {"command": ("TrainingJobDefinition", "Environment", "GOVML_COMMAND")}


@pytest.mark.parametrize("name", JOBS)
def test_finds_every_security_setting_that_is_missing_or_changed(name: str) -> None:
    settings = {"Train": TRAINING, "Tune": TRIALS}.get(name, PROCESSING)
    for what, path in settings.items():
        assert mutated(lambda d, path=path: delete_at(d, name, path)), f"{name}: {what} deleted"
        for value in (None, "arn:aws:kms:ap-southeast-1:111122223333:key/other", [], ["python3", "other.py"], {}):
            assert mutated(lambda d, path=path, value=value: set_at(d, name, path, value)), (
                f"{name}: {what} = {value!r}"
            )
    flips = [path for what, path in settings.items() if what in ("encryption between containers", "network isolation")]
    for path in flips:
        wrong = path[-1] == "EnableNetworkIsolation" and name == "Track"
        assert mutated(lambda d, path=path, wrong=wrong: set_at(d, name, path, wrong)), f"{name}: {path} flipped"


def references(value: Any, path: Path_ = ()) -> list[Path_]:
    if isinstance(value, dict):
        found = [(*path, "Get")] if isinstance(value.get("Get"), str) else []
        return found + [inner for key, item in value.items() for inner in references(item, (*path, key))]
    if isinstance(value, list):
        return [inner for position, item in enumerate(value) for inner in references(item, (*path, position))]
    return []


@pytest.mark.parametrize("path", references(DEFINITION), ids=lambda path: ".".join(map(str, path[1:])))
def test_finds_every_reference_that_leads_nowhere(path: Path_) -> None:
    for change in (lambda text: text + "x", lambda text: text.replace(".", ".Other", 1), lambda _: "Odd.Thing"):
        definition = copy.deepcopy(DEFINITION)
        target: Any = definition
        for part in path[:-1]:
            target = target[part]
        target[path[-1]] = change(target[path[-1]])
        assert validate(definition), f"{target[path[-1]]} was not found"


def argument(name: str, *path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda definition: set_at(definition, name, path, value)


def parameter(name: str, **changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda definition: next(item for item in definition["Parameters"] if item["Name"] == name).update(changes)


def member(name: str, **changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda definition: step(definition, name).update(changes)


FAULTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "unknown placeholder": argument("Validate", "RoleArn", value="${govml.Role}"),
    "placeholder in the wrong case": argument("Validate", "RoleArn", value="${GovML.ExecutionRoleArn}"),
    "list-valued placeholder inside a text": argument(
        "Validate", "NetworkConfig", "VpcConfig", "Subnets", value=["x-${govml.SubnetIds}"]
    ),
    "instance type that does not exist": parameter("InstanceType", DefaultValue="ml.zz9.large"),
    "parameter of another type": parameter("TestMonths", DefaultValue="12"),
    "boolean for an integer": parameter("Seed", DefaultValue=True),
    "unknown type of parameter": parameter("Seed", Type="Long"),
    "default outside its values": parameter("ModelApprovalStatus", DefaultValue="Maybe"),
    "model approves itself": parameter("ModelApprovalStatus", DefaultValue="Approved"),
    "model approves itself without a parameter": argument("Register", "ModelApprovalStatus", value="Approved"),
    "parameter twice": lambda d: d["Parameters"].append(d["Parameters"][0]),
    "parameter never used": lambda d: d["Parameters"].append({"Name": "Extra", "Type": "String"}),
    "parameter renamed": parameter("Seed", Name="Sead"),
    "other version": lambda d: d.update(Version="2021-01-01"),
    "unknown member at the top": lambda d: d.update(Paramters=[]),
    "unknown member of a step": member("Validate", Retry=[]),
    "unknown type of step": member("Validate", Type="Procesing"),
    "step type without a security rule": member("Train", Type="Transform"),
    "step twice": lambda d: d["Steps"].append(copy.deepcopy(d["Steps"][0])),
    "name that is none": member("Validate", Name="Validate data"),
    "circle": member("Validate", DependsOn=["Evaluate"]),
    "waits for itself": member("Validate", DependsOn=["Validate"]),
    "waits for nobody": member("AcceptanceGate", DependsOn=["Tracking"]),
    "waits for a branch": member("Validate", DependsOn=["Register"]),
    "hyperparameter that is no text": argument("Train", "HyperParameters", "seed", value=1),
    "integer parameter as a text": argument("Train", "HyperParameters", "seed", value={"Get": "Parameters.Seed"}),
    "trials of several kinds": argument("Tune", "TrainingJobDefinitions", value=[]),
    "unknown upload mode": argument(
        "Validate", "ProcessingOutputConfig", "Outputs", 0, "S3Output", "S3UploadMode", value="Later"
    ),
    "volume of no size": argument("Train", "ResourceConfig", "VolumeSizeInGB", value=-1),
    "no instance": argument("Validate", "ProcessingResources", "ClusterConfig", "InstanceCount", value=0),
    "unknown member of a request": argument("Train", "Spot", value=True),
    "two inputs of one name": lambda d: step(d, "Track")["Arguments"]["ProcessingInputs"][1].update(InputName="report"),
    "two inputs in one place": lambda d: step(d, "Track")["Arguments"]["ProcessingInputs"][1]["S3Input"].update(
        LocalPath="/opt/ml/processing/input/report"
    ),
    "two channels of one name": lambda d: step(d, "Train")["Arguments"]["InputDataConfig"][1].update(
        ChannelName="code"
    ),
    "property file of no output": lambda d: step(d, "Evaluate")["PropertyFiles"][0].update(OutputName="metrics"),
    "property file renamed": lambda d: step(d, "Evaluate")["PropertyFiles"][0].update(PropertyFileName="Metrics"),
    "property file that is no JSON": lambda d: step(d, "Evaluate")["PropertyFiles"][0].update(
        FilePath="evaluation.csv"
    ),
    "JsonGet without a path": argument("AcceptanceGate", "Conditions", 0, "LeftValue", "Std:JsonGet", "Path", value=""),
    "unknown comparison": argument("AcceptanceGate", "Conditions", 0, "Type", value="LessOrEqual"),
    "comparison of constants": lambda d: step(d, "AcceptanceGate")["Arguments"]["Conditions"][0].update(
        LeftValue=1, RightValue=2
    ),
    "no condition": argument("AcceptanceGate", "Conditions", value=[]),
    "empty branches": lambda d: step(d, "AcceptanceGate")["Arguments"].update(IfSteps=[], ElseSteps=[]),
    "fail without a message": lambda d: step(d, "Rejected").update(Arguments={}),
    "join of nothing": argument("Rejected", "ErrorMessage", value={"Std:Join": {"On": "", "Values": []}}),
    "retry for an unknown exception": lambda d: step(d, "Train")["RetryPolicies"][0].update(ExceptionType=["Any"]),
    "retry for ever": lambda d: step(d, "Train")["RetryPolicies"][0].update(MaxAttempts=1000),
    "two days": argument("Train", "StoppingCondition", "MaxRuntimeInSeconds", value=172_800),
    "other code": lambda d: step(d, "Validate")["Arguments"]["ProcessingInputs"][0]["S3Input"].update(
        S3Uri={"Get": "Parameters.InputDataUri"}
    ),
    "raw data of an unknown kind": lambda d: step(d, "Validate")["Arguments"]["ProcessingInputs"][1]["S3Input"].update(
        S3DataType="Prefix"
    ),
    "hard-coded bucket": argument("Train", "OutputDataConfig", "S3OutputPath", value="s3://some-bucket/x"),
    "hard-coded account": argument("Track", "Environment", "ACCOUNT", value="123456789012"),
    "secret by name": argument("Track", "Environment", "DB_PASSWORD", value="hunter2"),
    "secret by form": argument("Track", "Environment", "ID", value="AKIA" + "A" * 16),
    "other serving image": lambda d: step(d, "Register")["Arguments"]["InferenceSpecification"]["Containers"][0].update(
        Image="public/image:1"
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_finds_the_fault(name: str) -> None:
    assert mutated(FAULTS[name])


def test_findings_say_where() -> None:
    (finding,) = mutated(argument("Train", "ResourceConfig", "VolumeSizeInGB", value=-1))
    assert finding.startswith("Train.ResourceConfig.VolumeSizeInGB: -1 is not within 0")


def test_filling_splices_lists_and_refuses_unknown_names() -> None:
    values: dict[str, str | list[str]] = {"A": "x", "L": ["p", "q"]}
    assert open_values.fill({"k": ["${govml.L}", "-${govml.A}-"]}, values) == {"k": ["p", "q", "-x-"]}
    with pytest.raises(KeyError):
        open_values.fill("${govml.B}", values)
    with pytest.raises(ValueError, match="whole list element"):
        open_values.fill("${govml.L}", values)
