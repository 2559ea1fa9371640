"""What this project promises of every job, asserted on the definition with its placeholders in place.

In the VPC, encrypted at rest (volume and outputs) and between containers with the use case's key, isolated from the
network unless the step is named below, under the deployed role, running the deployed image and code archive; nothing
hard-coded; no model approves itself.
"""

from __future__ import annotations

import re
from typing import Any, Final

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.validator.steps import flatten

#: Steps that may reach services inside the VPC; every other job has no network at all.
NOT_ISOLATED: Final = frozenset({"Track", "Ingest", "Fetch"})
_NO_JOB: Final = frozenset({"Condition", "Fail", "Model"})
_SECRET_NAME: Final = re.compile(r"(?i)(password|passwd|secret|token|api_?key|credential|access_?key)")
_SECRET_VALUE: Final = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN|\beyJ[A-Za-z0-9_-]{20,}")
_HARD_CODED: Final = re.compile(r"s3://(?!\$\{)|\barn:aws|\b[0-9]{12}\b|\bsubnet-|\bsg-|\bvpc-|https?://")


def check(definition: dict[str, Any]) -> list[str]:
    """Return the findings on the jobs of a definition whose placeholders are not filled in."""
    findings = [
        f"{path}: hard-coded {text!r}" for path, text in _texts(definition, "definition") if _HARD_CODED.search(text)
    ]
    findings += [
        f"{path}: looks like a secret" for path, text in _texts(definition, "definition") if _SECRET_VALUE.search(text)
    ]
    defaults = {parameter.get("Name"): parameter.get("DefaultValue") for parameter in definition.get("Parameters", [])}
    for step in flatten(definition.get("Steps", [])):
        name, kind = step.get("Name", "?"), step.get("Type")
        given = step.get("Arguments")
        arguments: dict[str, Any] = given if isinstance(given, dict) else {}
        if kind == "Processing":
            findings += _processing(name, arguments)
        elif kind == "Training":
            findings += _training(name, arguments)
        elif kind == "RegisterModel":
            findings += _registration(name, arguments, defaults)
        elif kind not in _NO_JOB:
            findings.append(f"{name}: no security rule for steps of type {kind!r}")
        findings += [
            f"{name}: environment variable {variable} is named like a secret"
            for variable in arguments.get("Environment") or {}
            if _SECRET_NAME.search(variable)
        ]
    return findings


def _processing(name: str, arguments: dict[str, Any]) -> list[str]:
    network, cluster = arguments.get("NetworkConfig"), _at(arguments, "ProcessingResources", "ClusterConfig")
    code = f"/opt/ml/processing/input/code/{open_values.CODE_FILE}"
    sources = [
        _at(item, "S3Input", "S3Uri")
        for item in arguments.get("ProcessingInputs") or []
        if _at(item, "InputName") == "code"
    ]
    outputs = _at(arguments, "ProcessingOutputConfig")
    output_key = {} if outputs is None else {"key of the outputs": (_at(outputs, "KmsKeyId"), open_values.KMS_KEY_ARN)}
    return _wanted(
        name,
        {
            "encryption between containers": (_at(network, "EnableInterContainerTrafficEncryption"), True),
            "network isolation": (_at(network, "EnableNetworkIsolation"), name not in NOT_ISOLATED),
            "subnets": (_at(network, "VpcConfig", "Subnets"), [open_values.SUBNET_IDS]),
            "security groups": (_at(network, "VpcConfig", "SecurityGroupIds"), [open_values.SECURITY_GROUP_IDS]),
            "key of the volume": (_at(cluster, "VolumeKmsKeyId"), open_values.KMS_KEY_ARN),
            **output_key,
            "role": (arguments.get("RoleArn"), open_values.EXECUTION_ROLE_ARN),
            "image": (_at(arguments, "AppSpecification", "ImageUri"), open_values.IMAGE_URI),
            "command": (_at(arguments, "AppSpecification", "ContainerEntrypoint"), ["python3", code]),
            "code": (sources, [open_values.CODE_URI]),
        },
    ) + _bounded(name, arguments)


def _training(name: str, arguments: dict[str, Any]) -> list[str]:
    code = f"/opt/ml/input/data/code/{open_values.CODE_FILE}"
    sources = [
        _at(item, "DataSource", "S3DataSource", "S3Uri")
        for item in arguments.get("InputDataConfig") or []
        if _at(item, "ChannelName") == "code"
    ]
    return _wanted(
        name,
        {
            "encryption between containers": (arguments.get("EnableInterContainerTrafficEncryption"), True),
            "network isolation": (arguments.get("EnableNetworkIsolation"), name not in NOT_ISOLATED),
            "subnets": (_at(arguments, "VpcConfig", "Subnets"), [open_values.SUBNET_IDS]),
            "security groups": (_at(arguments, "VpcConfig", "SecurityGroupIds"), [open_values.SECURITY_GROUP_IDS]),
            "key of the volume": (_at(arguments, "ResourceConfig", "VolumeKmsKeyId"), open_values.KMS_KEY_ARN),
            "key of the outputs": (_at(arguments, "OutputDataConfig", "KmsKeyId"), open_values.KMS_KEY_ARN),
            "role": (arguments.get("RoleArn"), open_values.EXECUTION_ROLE_ARN),
            "image": (_at(arguments, "AlgorithmSpecification", "TrainingImage"), open_values.IMAGE_URI),
            "command": (_at(arguments, "AlgorithmSpecification", "ContainerEntrypoint"), ["python3", code]),
            "code": (sources, [open_values.CODE_URI]),
        },
    ) + _bounded(name, arguments)


def _registration(name: str, arguments: dict[str, Any], defaults: dict[Any, Any]) -> list[str]:
    """Whoever trains is not whoever approves: the pipeline registers models as pending."""
    status = arguments.get("ModelApprovalStatus")
    reference = status.get("Get", "") if isinstance(status, dict) else ""
    effective = defaults.get(reference.removeprefix("Parameters.")) if reference else status
    containers = _at(arguments, "InferenceSpecification", "Containers") or []
    return _wanted(
        name,
        {
            "approval status": (effective, "PendingManualApproval"),
            "images": ([_at(container, "Image") for container in containers], [open_values.IMAGE_URI]),
        },
    )


def _bounded(name: str, arguments: dict[str, Any]) -> list[str]:
    limit = _at(arguments, "StoppingCondition", "MaxRuntimeInSeconds")
    return [] if isinstance(limit, int) and 0 < limit <= 86_400 else [f"{name}: no time limit of at most a day"]


def _wanted(name: str, checks: dict[str, tuple[Any, Any]]) -> list[str]:
    return [
        f"{name}: {what} is {found!r}, wanted {wanted!r}" for what, (found, wanted) in checks.items() if found != wanted
    ]


def _at(value: Any, *path: str) -> Any:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _texts(value: Any, path: str) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in _texts(item, f"{path}.{key}")]
    if isinstance(value, list):
        return [found for position, item in enumerate(value) for found in _texts(item, f"{path}[{position}]")]
    return [(path, value)] if isinstance(value, str) else []
