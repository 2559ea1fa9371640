"""The committed definition of the pipeline that writes features: checked data in, records out."""

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

PATH = Path(__file__).parents[1] / "pipelines" / "features" / "definition.json"
DEFINITION: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))


def steps() -> dict[str, dict[str, Any]]:
    return {step["Name"]: step["Arguments"] for step in DEFINITION["Steps"]}


def test_has_no_findings_and_is_written_canonically() -> None:
    assert validate(DEFINITION) == []
    assert canonical(DEFINITION) == PATH.read_text(encoding="utf-8")


def test_validates_first_and_writes_what_was_accepted() -> None:
    assert list(steps()) == ["Validate", "WriteFeatures"]
    (validated,) = [each for each in steps()["WriteFeatures"]["ProcessingInputs"] if each["InputName"] == "validated"]
    assert "Steps.Validate." in json.dumps(validated["S3Input"]["S3Uri"])


def test_only_the_step_that_calls_feature_store_has_a_network() -> None:
    isolated = {name: each["NetworkConfig"]["EnableNetworkIsolation"] for name, each in steps().items()}
    assert isolated == {"Validate": True, "WriteFeatures": False}
    assert steps()["WriteFeatures"]["Environment"] == {"GOVML_NETWORK_FOR": "Feature Store, Glue and S3"}


def test_a_step_without_isolation_is_found_where_it_is_not_expected() -> None:
    changed = copy.deepcopy(DEFINITION)
    changed["Steps"][0]["Arguments"]["NetworkConfig"]["EnableNetworkIsolation"] = False
    assert any("isolation" in finding.lower() for finding in validate(changed))


def test_the_archive_understands_the_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr("govml_pipeline.steps.Step.run", lambda _, options: seen.append(options))
    for each in steps().values():
        arguments = open_values.fill(each["AppSpecification"]["ContainerArguments"], open_values.SAMPLES)
        assert main(arguments) == 0
    assert (seen[1].step, seen[1].store, seen[1].prefix) == ("features", "sagemaker", "sample-dev-sample-use-case")
    assert {options.use_case for options in seen} == {"sample_use_case"}
