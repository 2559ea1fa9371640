"""The validator on a pipeline that has a model of its own answer files: Model and Transform steps."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from breakages import breakages

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.validator import validate

Change = Callable[[dict[str, dict[str, Any]]], object]
PATH = Path(__file__).parents[1] / "usecases" / "hdb_resale" / "definition.json"
MODEL: dict[str, Any] = {
    "Name": "Model",
    "Type": "Model",
    "Arguments": {
        "PrimaryContainer": {
            "Image": open_values.IMAGE_URI,
            "ModelDataUrl": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"},
        },
        "ExecutionRoleArn": open_values.EXECUTION_ROLE_ARN,
        "EnableNetworkIsolation": True,
        "VpcConfig": {"Subnets": [open_values.SUBNET_IDS], "SecurityGroupIds": [open_values.SECURITY_GROUP_IDS]},
    },
}
TRANSFORM: dict[str, Any] = {
    "Name": "Transform",
    "Type": "Transform",
    "Arguments": {
        "ModelName": {"Get": "Steps.Model.ModelName"},
        "BatchStrategy": "MultiRecord",
        "MaxPayloadInMB": 6,
        "TransformInput": {
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": {"Get": "Steps.Prepare.ProcessingOutputConfig.Outputs['test'].S3Output.S3Uri"},
                }
            },
            "ContentType": "text/csv",
            "SplitType": "Line",
        },
        "TransformOutput": {
            "S3OutputPath": {
                "Std:Join": {
                    "On": "/",
                    "Values": [
                        open_values.ARTIFACTS_URI, "runs", {"Get": "Execution.PipelineExecutionId"}, "transform"
                    ],
                }
            },
            "Accept": "text/csv",
            "AssembleWith": "Line",
            "KmsKeyId": open_values.KMS_KEY_ARN,
        },
        "TransformResources": {
            "InstanceType": "ml.m5.large",
            "InstanceCount": 1,
            "VolumeKmsKeyId": open_values.KMS_KEY_ARN,
        },
        "DataProcessing": {"InputFilter": "$[1:]", "JoinSource": "Input", "OutputFilter": "$[0,-1]"},
    },
}  # fmt: skip
WHOLE_FILES = {**TRANSFORM["Arguments"]["TransformInput"], "SplitType": "None"}


def extended(change: Change = lambda _: None) -> dict[str, Any]:
    """The HDB pipeline with both steps at its end, after a change of their arguments."""
    definition, model, transform = copy.deepcopy((json.loads(PATH.read_text()), MODEL, TRANSFORM))
    change({each["Type"]: each["Arguments"] for each in (model, transform)})
    definition["Steps"] += [model, transform]
    return definition


def test_a_sound_transform_has_no_findings() -> None:
    assert validate(extended()) == []


def test_seeded_breakages_of_such_a_pipeline_are_caught() -> None:
    broken = breakages(extended(), seed=20281128, per_class=4)
    missed = [f"{each.kind}: {each.where}" for each in broken if not validate(each.definition())]
    assert 1 - len(missed) / len(broken) >= 0.98, "\n".join(missed)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda a: a["Model"].pop("EnableNetworkIsolation"), "Model: network isolation is None"),
        (lambda a: a["Model"].pop("VpcConfig"), "Model: subnets is None"),
        (lambda a: a["Model"].update(ExecutionRoleArn="${govml.ImageUri}"), "Model: role"),
        (lambda a: a["Model"]["PrimaryContainer"].pop("ModelDataUrl"), "Model: the model is not that of a training step"),
        (lambda a: a["Model"].update(Containers=[a["Model"]["PrimaryContainer"]]), "Model: a model of 2 containers"),
        (lambda a: a["Transform"]["TransformResources"].pop("VolumeKmsKeyId"), "Transform: key of the volume"),
        (lambda a: a["Transform"]["TransformOutput"].pop("KmsKeyId"), "Transform: key of the outputs"),
        (lambda a: a["Transform"]["TransformOutput"].update(S3OutputPath="x"), "Transform: results are not below"),
        (lambda a: a["Transform"].update(ModelName="mine"), "Transform: the model is not that of a Model step"),
        (lambda a: a["Transform"]["TransformInput"].update(SplitType="RecordIO"), "the server reads no RecordIO records"),
        (lambda a: a["Transform"].update(BatchStrategy="SingleRecord", TransformInput=WHOLE_FILES),
         "SingleRecord without a SplitType"),
        (lambda a: a["Transform"].update(MaxPayloadInMB=101), "MaxPayloadInMB is 101"),
        (lambda a: a["Transform"].update(MaxConcurrentTransforms=17), "MaxConcurrentTransforms times MaxPayloadInMB"),
        (lambda a: a["Transform"]["TransformInput"].update(ContentType="text/plain"), "ContentType is 'text/plain'"),
        (lambda a: a["Transform"]["TransformOutput"].update(Accept="application/json"), "the same in ContentType and Accept"),
        (lambda a: a["Transform"]["DataProcessing"].update(InputFilter="$..town"), "InputFilter '$..town' is no JSONPath"),
        (lambda a: a["Transform"]["TransformResources"].update(InstanceCount=0), "InstanceCount"),
    ],
)  # fmt: skip
def test_each_fault_is_found(change: Change, finding: str) -> None:
    assert finding in "\n".join(validate(extended(change)))
