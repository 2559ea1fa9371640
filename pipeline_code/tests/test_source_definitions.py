"""The committed definitions of pipelines about a data source: one step each, in the VPC, as the archive knows it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.text import canonical
from govml_pipeline.authoring.validator import validate
from govml_pipeline.main import main
from govml_pipeline.steps import STEPS

FOLDER = Path(__file__).parents[1] / "pipelines"
STATE = {"Std:Join": {"On": "/", "Values": ["${govml.ArtifactsUri}", "monitoring", "state"]}}
NAMES = ("ingestion", "fetching", "monitoring")


def load(name: str) -> dict[str, Any]:
    definition: dict[str, Any] = json.loads((FOLDER / name / "definition.json").read_text(encoding="utf-8"))
    return definition


def command(name: str) -> list[str]:
    (step,) = load(name)["Steps"]
    arguments: list[str] = step["Arguments"]["AppSpecification"]["ContainerArguments"]
    return arguments


@pytest.mark.parametrize("name", NAMES)
def test_has_no_findings_and_is_written_canonically(name: str) -> None:
    assert validate(load(name)) == []
    assert canonical(load(name)) == (FOLDER / name / "definition.json").read_text(encoding="utf-8")


def test_ingestion_says_where_everything_is() -> None:
    assert command("ingestion") == [
        "ingest", "--source", "${govml.DataSource}", "--raw", "${govml.RawUri}", "--curated", "${govml.CuratedUri}",
        "--catalogue", "glue", "--database", "${govml.Database}",
    ]  # fmt: skip


def test_monitoring_reads_what_its_starter_names_and_continues_the_last_look() -> None:
    definition = load("monitoring")
    (step,) = definition["Steps"]
    inputs = {each["InputName"]: each["S3Input"]["S3Uri"] for each in step["Arguments"]["ProcessingInputs"]}
    assert {name: uri["Get"].removeprefix("Parameters.") for name, uri in inputs.items() if name != "code"} == {
        "model": "ModelUri",
        "baseline": "BaselineUri",
        "capture": "CaptureUri",
        "labels": "LabelsUri",
        "feedback": "FeedbackUri",
        "state": "StateUri",
    }
    outputs = step["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    (state,) = [each["S3Output"]["S3Uri"] for each in outputs if each["OutputName"] == "state"]
    assert state == STATE
    defaults = {each["Name"]: each["DefaultValue"] for each in definition["Parameters"]}
    assert defaults["StateUri"] == defaults["CaptureUri"] == "${govml.CodeUri}"
    assert step["Arguments"]["NetworkConfig"]["EnableNetworkIsolation"]


@pytest.mark.parametrize("output", ["monitoring", "evidence"])
def test_only_the_state_of_a_look_is_written_to_one_place(output: str) -> None:
    definition = load("monitoring")
    for each in definition["Steps"][0]["Arguments"]["ProcessingOutputConfig"]["Outputs"]:
        if each["OutputName"] == output:
            each["S3Output"]["S3Uri"] = STATE
    assert any("not below" in finding for finding in validate(definition))


def test_fetching_says_where_the_file_goes() -> None:
    assert command("fetching") == ["fetch-source", "--source", "${govml.DataSource}", "--raw", "${govml.RawUri}"]


@pytest.mark.parametrize("name", NAMES)
def test_the_archive_understands_the_arguments(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr("govml_pipeline.steps.Step.run", lambda _, options: seen.append(options))
    arguments = open_values.fill(command(name), open_values.SAMPLES)
    assert arguments[0] in STEPS
    assert main(arguments) == 0
    about = ("sample_use_case", None) if name == "monitoring" else ("sample_source", "s3://sample-raw/sample-source")
    options = vars(seen[0])
    assert (options.get("source") or options["use_case"], options.get("raw")) == about


@pytest.mark.parametrize("name", NAMES)
def test_the_step_is_in_the_vpc_with_an_encrypted_disk_and_tried_again(name: str) -> None:
    (step,) = load(name)["Steps"]
    network = step["Arguments"]["NetworkConfig"]
    assert network["EnableNetworkIsolation"] is (name == "monitoring")
    assert network["VpcConfig"]["Subnets"] == ["${govml.SubnetIds}"]
    assert step["Arguments"]["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"] == "${govml.KmsKeyArn}"
    assert len(step["RetryPolicies"]) == 2


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("path", [("NetworkConfig",), ("NetworkConfig", "VpcConfig"), ("RoleArn",)])
def test_a_missing_protection_is_found(name: str, path: tuple[str, ...]) -> None:
    definition = copy.deepcopy(load(name))
    target = definition["Steps"][0]["Arguments"]
    for part in path[:-1]:
        target = target[part]
    del target[path[-1]]
    assert validate(definition)


@pytest.mark.parametrize("name", NAMES)
def test_outputs_would_need_the_key(name: str) -> None:
    definition = load(name)
    definition["Steps"][0]["Arguments"]["ProcessingOutputConfig"] = {"Outputs": []}
    assert any("key of the outputs" in finding for finding in validate(definition))
