"""Jobs beyond the shape of their request: what botocore's model leaves optional although a job cannot do without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from govml_pipeline.authoring.validator import transforms
from govml_pipeline.authoring.validator.expressions import is_expression
from govml_pipeline.authoring.validator.reading import at, objects

_DISK_GB: Final = (1, 16_384)
_INSTANCES: Final = (1, 100)


def check(step: dict[str, Any], name: str, parameters: dict[str, dict[str, Any]]) -> list[str]:
    """Return findings on the request of a step.

    Args:
        step: the step; its request has the right shape.
        name: name of the step.
        parameters: pipeline parameters by name; where one is used, its default is judged.
    """
    arguments = step["Arguments"]
    if step["Type"] == "Processing":
        return [
            *_cluster(at(arguments, "ProcessingResources", "ClusterConfig"), name, parameters),
            *_processing_ends(arguments, name),
        ]
    if step["Type"] == "Training":
        return list(_training(arguments, name, parameters))
    if step["Type"] == "Tuning":
        return list(
            _training(arguments.get("TrainingJobDefinition") or {}, f"{name}.TrainingJobDefinition", parameters)
        )
    others = {"Model": transforms.model, "Transform": transforms.transform, "RegisterModel": _package}
    return list(others[step["Type"]](arguments, name))


def _cluster(cluster: Any, name: str, parameters: dict[str, dict[str, Any]]) -> Iterator[str]:
    for member, (low, high) in (("InstanceCount", _INSTANCES), ("VolumeSizeInGB", _DISK_GB)):
        value = at(cluster, member)
        if is_expression(value):
            value = parameters.get(str(value.get("Get")).removeprefix("Parameters."), {}).get("DefaultValue")
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            yield f"{name}: {member} is {value!r}, wanted {low} to {high}"
    if at(cluster, "InstanceType") is None:
        yield f"{name}: no InstanceType"


def _processing_ends(arguments: dict[str, Any], name: str) -> Iterator[str]:
    for item in objects(arguments.get("ProcessingInputs")):
        if set(item) != {"InputName", "S3Input"}:
            yield f"{name}: input {item.get('InputName')!r} is no S3 input"
        if at(item, "S3Input", "S3InputMode") != "File":
            yield f"{name}: input {item.get('InputName')!r} is not copied as files"
        if at(item, "S3Input", "S3CompressionType") not in (None, "None"):
            yield f"{name}: input {item.get('InputName')!r} is decompressed, which only pipes are"
        if at(item, "S3Input", "S3DataDistributionType") not in (None, "FullyReplicated"):
            yield f"{name}: input {item.get('InputName')!r} is not given whole to every instance"
    outputs = objects(at(arguments, "ProcessingOutputConfig", "Outputs"))
    for item in outputs:
        if set(item) != {"OutputName", "S3Output"}:
            yield f"{name}: output {item.get('OutputName')!r} is no S3 output"
    addresses = [repr(at(item, "S3Output", "S3Uri")) for item in outputs]
    if len(set(addresses)) != len(addresses):
        yield f"{name}: two outputs go to one address"


def _training(arguments: dict[str, Any], name: str, parameters: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield from _cluster(arguments.get("ResourceConfig"), name, parameters)
    if at(arguments, "AlgorithmSpecification", "AlgorithmName") is not None:
        yield f"{name}: runs an algorithm of the marketplace"
    if at(arguments, "AlgorithmSpecification", "TrainingInputMode") != "File":
        yield f"{name}: channels are not copied as files"
    for item in objects(arguments.get("InputDataConfig")):
        source = at(item, "DataSource", "S3DataSource")
        if set(item.get("DataSource") or {}) != {"S3DataSource"} or at(source, "S3DataType") != "S3Prefix":
            yield f"{name}: channel {item.get('ChannelName')!r} is no S3 prefix"
        if at(source, "S3DataDistributionType") not in (None, "FullyReplicated"):
            yield f"{name}: channel {item.get('ChannelName')!r} is not given whole to every instance"
        if item.get("InputMode") not in (None, "File") or item.get("CompressionType") not in (None, "None"):
            yield f"{name}: channel {item.get('ChannelName')!r} is not copied as files as they are"
    limit, wait = (
        at(arguments, "StoppingCondition", member) for member in ("MaxRuntimeInSeconds", "MaxWaitTimeInSeconds")
    )
    if arguments.get("EnableManagedSpotTraining") is True:
        if not isinstance(at(arguments, "CheckpointConfig", "S3Uri"), str | dict):
            yield f"{name}: a spot instance may go at any time, and there is no checkpoint"
        if not isinstance(wait, int) or (isinstance(limit, int) and wait < limit):
            yield f"{name}: spot training needs MaxWaitTimeInSeconds of at least its run time"
    elif wait is not None:
        yield f"{name}: MaxWaitTimeInSeconds without spot training"


#: Part of a package's ModelMetrics -> the output and the file that it refers to.
_EVIDENCE: Final = {
    ("ModelQuality", "Statistics"): ("evaluation", "evaluation.json"),
    ("Bias", "Report"): ("assessment", "fairness.json"),
    ("Explainability", "Report"): ("assessment", "explanation.json"),
}


def _package(arguments: dict[str, Any], name: str) -> Iterator[str]:
    for member in ("ModelPackageGroupName", "InferenceSpecification", "ModelMetrics"):
        if not arguments.get(member):
            yield f"{name}: no {member}"
    if "ModelPackageName" in arguments:
        yield f"{name}: a package has a group or a name of its own, not both"
    for container in objects(at(arguments, "InferenceSpecification", "Containers")):
        if at(container, "ModelDataUrl", "Get") is None or not str(container["ModelDataUrl"]["Get"]).endswith(
            ".ModelArtifacts.S3ModelArtifacts"
        ):
            yield f"{name}: the model is not that of a training step"
    for place, (output, file) in _EVIDENCE.items():
        parts = at(arguments, "ModelMetrics", *place, "S3Uri", "Std:Join", "Values")
        read = at(parts[0], "Get") if isinstance(parts, list) and len(parts) == 2 and parts[1] == file else None
        if not str(read).endswith(f".Outputs['{output}'].S3Output.S3Uri"):
            yield f"{name}: ModelMetrics.{'.'.join(place)} is not {file} of an output {output}"
