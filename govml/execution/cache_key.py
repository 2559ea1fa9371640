"""What makes two executions of a step the same work: the attributes that the service compares, inputs by their content.

The service compares the URIs of inputs (SageMaker AI developer guide, "Default cache key attributes by pipeline step type").
Here the bytes behind them are compared: a file that was replaced is other work, the same files of another run are the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from govml.execution.jobs.container import MANIFEST
from govml.execution.manifest import parse_manifest
from govml.execution.objects import ObjectStore, relative_paths, split_uri

_PROCESSING = ("AppSpecification", "Environment")
_TRAINING = ("AlgorithmSpecification", "Environment", "HyperParameters", "CheckpointConfig")
_TUNING = ("AlgorithmSpecification", "Environment", "HyperParameterRanges", "StaticHyperParameters", "TuningObjective")


def cache_key(step_type: str, arguments: Mapping[str, Any], store: ObjectStore, *, environment: str = "") -> str | None:
    """Return a key that is the same for the same work; None: results of this type are never used again.

    Args:
        step_type: type of the step.
        arguments: its arguments, resolved.
        store: where its inputs are.
        environment: digest of what stands for the image.

    Raises:
        StepFailed: an input is missing.
    """
    work = _work(step_type, arguments, store)
    if work is None:
        return None
    text = json.dumps([step_type, environment, work], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _work(step_type: str, arguments: Mapping[str, Any], store: ObjectStore) -> dict[str, Any] | None:
    if step_type == "Processing":
        outputs = arguments.get("ProcessingOutputConfig", {}).get("Outputs", [])
        return {
            **_chosen(arguments, _PROCESSING),
            "inputs": [
                [item["InputName"], item["S3Input"].get("LocalPath"), _content(item["S3Input"], store)]
                for item in arguments.get("ProcessingInputs", [])
                if "S3Input" in item
            ],
            # Not compared by the service: but an output that the earlier execution did not have cannot be used again.
            "outputs": sorted([item["OutputName"], item.get("S3Output", {}).get("LocalPath")] for item in outputs),
        }
    if step_type == "Training":
        return {**_chosen(arguments, _TRAINING), **_training_inputs(arguments, store)}
    if step_type == "Tuning":
        definition = arguments["TrainingJobDefinition"]
        config = arguments["HyperParameterTuningJobConfig"]
        return {"config": config, **_chosen(definition, _TUNING), **_training_inputs(definition, store)}
    return None


def _chosen(arguments: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: arguments.get(name) for name in names}


def _training_inputs(arguments: Mapping[str, Any], store: ObjectStore) -> dict[str, Any]:
    return {
        # Rows are shared out among the hosts, so their number is part of the work.
        "hosts": arguments.get("ResourceConfig", {}).get("InstanceCount", 1),
        "channels": {
            channel["ChannelName"]: _content(channel["DataSource"]["S3DataSource"], store)
            for channel in arguments.get("InputDataConfig", [])
            if "S3DataSource" in channel["DataSource"]
        },
    }


def _content(source: Mapping[str, Any], store: ObjectStore) -> list[list[str]]:
    """Paths below the target and digests of everything that the job would be given, in order."""
    uri = source["S3Uri"]
    if source.get("S3DataType") == MANIFEST:
        listed = parse_manifest(store.read(uri), uri=uri)
        return sorted([str(path), store.digest(item)] for item, path in listed)
    bucket, prefix = split_uri(uri)
    paths = relative_paths(store.list_keys(uri), prefix)
    return sorted([str(path), store.digest(f"s3://{bucket}/{key}")] for key, path in paths.items())
