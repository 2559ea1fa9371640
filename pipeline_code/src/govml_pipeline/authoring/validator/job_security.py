"""What every job promises: in the VPC, encrypted at rest (volume and outputs) and between containers with the use case's
key, isolated from the network unless its step is named below, under the deployed role, running the deployed image and
code archive for at most a day, its results below the use case's own prefix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Final

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.validator.reading import at, objects, wanted

#: Steps that may reach services inside the VPC; every other job has no network at all.
NOT_ISOLATED: Final = frozenset({"Track", "Ingest", "Fetch", "WriteFeatures"})
_PROCESSING_CODE: Final = f"/opt/ml/processing/input/code/{open_values.CODE_FILE}"
_TRAINING_CODE: Final = f"/opt/ml/input/data/code/{open_values.CODE_FILE}"
#: What the image's `train` runs, since the API of tuning jobs takes no entrypoint.
_TRIAL_COMMAND: Final = "GOVML_COMMAND"
_DAY: Final = 86_400
#: Variables and options that always stand for what the deployment knows.
_DEPLOYED: Final = {
    "MLFLOW_TRACKING_URI": open_values.MLFLOW_TRACKING_URI,
    "MLFLOW_EXPERIMENT_NAME": open_values.EXPERIMENT_NAME,
    "--raw": open_values.RAW_URI,
    "--curated": open_values.CURATED_URI,
    "--database": open_values.DATABASE,
    "--prefix": open_values.FEATURE_GROUP_PREFIX,
    "--source": open_values.DATA_SOURCE,
}


def processing(name: str, arguments: dict[str, Any]) -> list[str]:
    """Check a processing job."""
    network, cluster = arguments.get("NetworkConfig"), at(arguments, "ProcessingResources", "ClusterConfig")
    sources = [
        at(item, "S3Input", "S3Uri")
        for item in objects(arguments.get("ProcessingInputs"))
        if at(item, "InputName") == "code"
    ]
    outputs = at(arguments, "ProcessingOutputConfig")
    output_key = {} if outputs is None else {"key of the outputs": (at(outputs, "KmsKeyId"), open_values.KMS_KEY_ARN)}
    return [
        *wanted(
            name,
            {
                **_network(name, network if isinstance(network, dict) else {}),
                "key of the volume": (at(cluster, "VolumeKmsKeyId"), open_values.KMS_KEY_ARN),
                **output_key,
                "role": (arguments.get("RoleArn"), open_values.EXECUTION_ROLE_ARN),
                "image": (at(arguments, "AppSpecification", "ImageUri"), open_values.IMAGE_URI),
                "command": (at(arguments, "AppSpecification", "ContainerEntrypoint"), ["python3", _PROCESSING_CODE]),
                "code": (sources, [open_values.CODE_URI]),
            },
        ),
        *_bounded(name, arguments),
        *_deployed(name, arguments),
        *(
            finding
            for output in objects(at(outputs, "Outputs"))
            for finding in _own_prefix(f"{name}.{output.get('OutputName')}", at(output, "S3Output", "S3Uri"))
        ),
    ]


def training(name: str, arguments: dict[str, Any]) -> list[str]:
    """Check a training job."""
    entrypoint = at(arguments, "AlgorithmSpecification", "ContainerEntrypoint")
    return wanted(name, {"command": (entrypoint, ["python3", _TRAINING_CODE])}) + _trained(name, arguments)


def tuning(name: str, arguments: dict[str, Any]) -> list[str]:
    """Check what the trials of a tuning job are made of; a tuning job has nothing else to protect."""
    if "TrainingJobDefinitions" in arguments:
        return [f"{name}: several definitions of trials; only one is judged here"]
    given = arguments.get("TrainingJobDefinition")
    trial: dict[str, Any] = given if isinstance(given, dict) else {}
    command = str(at(trial, "Environment", _TRIAL_COMMAND) or "").split(" ")
    where = f"{name}.TrainingJobDefinition"
    return wanted(where, {"command": (command[:2], ["python3", _TRAINING_CODE])}) + _trained(where, trial)


def _trained(name: str, arguments: dict[str, Any]) -> list[str]:
    """Check what a training job and the trials of a tuning job have in common."""
    sources = [
        at(item, "DataSource", "S3DataSource", "S3Uri")
        for item in objects(arguments.get("InputDataConfig"))
        if at(item, "ChannelName") == "code"
    ]
    return [
        *wanted(
            name,
            {
                **_network(name, arguments),
                "key of the volume": (at(arguments, "ResourceConfig", "VolumeKmsKeyId"), open_values.KMS_KEY_ARN),
                "key of the outputs": (at(arguments, "OutputDataConfig", "KmsKeyId"), open_values.KMS_KEY_ARN),
                "role": (arguments.get("RoleArn"), open_values.EXECUTION_ROLE_ARN),
                "image": (at(arguments, "AlgorithmSpecification", "TrainingImage"), open_values.IMAGE_URI),
                "code": (sources, [open_values.CODE_URI]),
            },
        ),
        *_bounded(name, arguments),
        *_own_prefix(name, at(arguments, "OutputDataConfig", "S3OutputPath")),
    ]


def model(name: str, arguments: dict[str, Any]) -> list[str]:
    """Check a model, whose role and network a batch transform takes over."""
    return wanted(
        name,
        {
            **{
                what: pair
                for what, pair in _network(name, arguments).items()
                if what != "encryption between containers"
            },
            "role": (arguments.get("ExecutionRoleArn"), open_values.EXECUTION_ROLE_ARN),
            "image": (at(arguments, "PrimaryContainer", "Image"), open_values.IMAGE_URI),
        },
    )


def transform(name: str, arguments: dict[str, Any]) -> list[str]:
    """Check a batch transform; role and network are the model's, and the service knows no time limit of the whole job."""
    output = arguments.get("TransformOutput")
    return wanted(
        name,
        {
            "key of the volume": (at(arguments, "TransformResources", "VolumeKmsKeyId"), open_values.KMS_KEY_ARN),
            "key of the outputs": (at(output, "KmsKeyId"), open_values.KMS_KEY_ARN),
        },
    ) + _own_prefix(name, at(output, "S3OutputPath"))


def _network(name: str, holder: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {
        "encryption between containers": (holder.get("EnableInterContainerTrafficEncryption"), True),
        "network isolation": (holder.get("EnableNetworkIsolation"), name not in NOT_ISOLATED),
        "subnets": (at(holder, "VpcConfig", "Subnets"), [open_values.SUBNET_IDS]),
        "security groups": (at(holder, "VpcConfig", "SecurityGroupIds"), [open_values.SECURITY_GROUP_IDS]),
    }


def _bounded(name: str, arguments: dict[str, Any]) -> list[str]:
    limit = at(arguments, "StoppingCondition", "MaxRuntimeInSeconds")
    within = isinstance(limit, int) and not isinstance(limit, bool) and 0 < limit <= _DAY
    return [] if within else [f"{name}: no time limit of at most a day"]


def _deployed(name: str, arguments: dict[str, Any]) -> list[str]:
    """What is named in `_DEPLOYED` has its placeholder as its value."""
    words = at(arguments, "AppSpecification", "ContainerArguments")
    variables = arguments.get("Environment")
    given = {
        **(dict(pairwise(map(str, words))) if isinstance(words, list) else {}),
        **(variables if isinstance(variables, dict) else {}),
    }
    return wanted(name, {key: (given[key], value) for key, value in _DEPLOYED.items() if key in given})


#: What the monitor leaves at places of its own: output -> folders below the use case's `monitoring/`.
_MONITORING: Final[Mapping[str, list[Any]]] = {
    "monitoring": ["looks", {"Get": "Execution.PipelineExecutionId"}],
    "state": ["state"],
    "evidence": ["evidence"],
}


def _own_prefix(name: str, uri: Any) -> list[str]:
    """Results lie below the use case's prefix, in a folder of the run, so that no run overwrites another's.

    The monitor is the one exception: each look continues the last one's state, what is evidence is fetched from one place,
    and reports lie apart from training runs.
    """
    folders = _MONITORING.get(name.rpartition(".")[2])
    if folders is not None and uri == {
        "Std:Join": {"On": "/", "Values": [open_values.ARTIFACTS_URI, "monitoring", *folders]}
    }:
        return []
    values = at(uri, "Std:Join", "Values")
    run = [open_values.ARTIFACTS_URI, "runs", {"Get": "Execution.PipelineExecutionId"}]
    if not isinstance(values, list) or values[:3] != run or at(uri, "Std:Join", "On") != "/":
        return [f"{name}: results are not below {open_values.ARTIFACTS_URI}/runs/<execution id>"]
    return []


CHECKS: Final[Mapping[str, Callable[[str, dict[str, Any]], list[str]]]] = {
    "Model": model,
    "Processing": processing,
    "Training": training,
    "Transform": transform,
    "Tuning": tuning,
}
