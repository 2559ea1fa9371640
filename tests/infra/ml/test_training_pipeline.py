"""`TrainingPipeline`: the definition stands in the template, and one that does not fit is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from bench import RULES, BenchStack, Stand

from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.ml.training_pipeline import TrainingPipeline


def test_the_definition_stands_in_the_template(bench: Mapping[str, Stand]) -> None:
    properties = bench["Training"].one("AWS::SageMaker::Pipeline").properties
    definition = json.loads(properties["PipelineDefinition"]["PipelineDefinitionBody"])
    assert definition["Version"] == "2020-12-01"
    assert [step["Name"] for step in definition["Steps"]] == ["Stop"]


def test_it_runs_as_the_pipeline_role(bench: Mapping[str, Stand]) -> None:
    (role,) = [each for each in bench["Roles"].all("AWS::IAM::Role") if "/Pipeline/" in each.path]
    assert bench["Training"].one("AWS::SageMaker::Pipeline").properties["RoleArn"] == role.arn


def test_steps_run_in_parallel_up_to_a_limit(bench: Mapping[str, Stand]) -> None:
    properties = bench["Training"].one("AWS::SageMaker::Pipeline").properties
    assert properties["ParallelismConfiguration"] == {"MaxParallelExecutionSteps": 4}


def test_its_arn_is_what_schedules_start(bench: Mapping[str, Stand]) -> None:
    name = bench["Training"].one("AWS::SageMaker::Pipeline").properties["PipelineName"]
    arn = bench["Training"].template.resolve(bench["Training"].construct.arn)
    assert arn.endswith(f":pipeline/{name}")


def test_a_definition_that_does_not_fit_is_refused(scratch: BenchStack) -> None:
    role = ServiceRole(scratch, "Role", service="sagemaker.amazonaws.com", description="runs", rules=RULES)
    definition = {"Version": "2020-12-01", "Steps": [{"Name": "x" * 100_000}]}
    with pytest.raises(ValueError, match=r"Bench/Long.*at most 100000"):
        TrainingPipeline(
            scratch,
            "Long",
            name="long",
            description="long",
            definition=definition,
            variables={},
            role=role,
            job_tags={},
        )


def test_an_unknown_variable_is_refused(scratch: BenchStack) -> None:
    role = ServiceRole(scratch, "Role2", service="sagemaker.amazonaws.com", description="runs", rules=RULES)
    definition = {"Version": "2020-12-01", "Steps": [{"Name": "Read", "Arguments": {"Uri": "${RawDataUri}/${Typo}"}}]}
    with pytest.raises(ValueError, match=r"unknown variables: Typo"):
        TrainingPipeline(
            scratch,
            "Unknown",
            name="unknown",
            description="unknown",
            definition=definition,
            variables={"RawDataUri": "s3://raw"},
            role=role,
            job_tags={},
        )
