"""Processing step: inputs in, one command, outputs up at the end of the job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from govml.execution.failures import StepFailed
from govml.execution.jobs.container import (
    fetch_input,
    require_plain_input,
    require_single_instance,
    run_container,
    write_json,
)
from govml.execution.jobs.job import Job, StepResult
from govml.execution.workspace import Workspace

# "The path in the processing container must begin with /opt/ml/processing/"
# (SageMaker developer guide, "Build your own processing container").
PROCESSING_BASE = "/opt/ml/processing"


def run_processing(job: Job) -> StepResult:
    """Run a processing job; its properties are those of DescribeProcessingJob, inputs and outputs keyed by name.

    Raises:
        StepFailed: an input is missing, the command fails, or an output cannot be uploaded.
    """
    arguments, store = job.arguments, job.host.store
    cluster = arguments["ProcessingResources"]["ClusterConfig"]
    require_single_instance(cluster)
    outputs = {item["OutputName"]: _output(item) for item in _config(arguments).get("Outputs", [])}
    kms_key = _config(arguments).get("KmsKeyId")
    for key in filter(None, (cluster.get("VolumeKmsKeyId"), kms_key)):
        store.require_key(key)

    workspace = Workspace(job.directory / "opt-ml")
    inputs = {item["InputName"]: _input(item) for item in arguments.get("ProcessingInputs", [])}
    for source in inputs.values():
        fetch_input(store, source, workspace.directory(source["LocalPath"], below=PROCESSING_BASE))
    for target in outputs.values():
        workspace.directory(target["LocalPath"], below=PROCESSING_BASE)
    workspace.directory("/opt/ml/output")
    described = {**arguments, "ProcessingJobName": job.name, "ProcessingJobArn": job.arn("processing-job")}
    write_json(workspace.root / "config", "processingjobconfig.json", workspace.rewrite(described))
    write_json(workspace.root / "config", "resourceconfig.json", {"current_host": "algo-1", "hosts": ["algo-1"]})

    application = arguments["AppSpecification"]
    isolated = bool(arguments.get("NetworkConfig", {}).get("EnableNetworkIsolation"))
    run_container(
        job,
        workspace,
        command=[*application["ContainerEntrypoint"], *application.get("ContainerArguments", [])],
        platform={},
        isolated=isolated,
    )
    for target in outputs.values():
        store.upload_tree(workspace.path(target["LocalPath"]), target["S3Uri"], kms_key=kms_key)
    return StepResult(
        properties={
            **described,
            "ProcessingJobStatus": "Completed",
            "ExitMessage": workspace.message("message"),
            "ProcessingInputs": {name: {"InputName": name, "S3Input": dict(item)} for name, item in inputs.items()},
            "ProcessingOutputConfig": {
                **_config(arguments),
                "Outputs": {name: {"OutputName": name, "S3Output": dict(item)} for name, item in outputs.items()},
            },
        },
        artifacts=tuple(target["S3Uri"] for target in outputs.values()),
        job_name=job.name,
        isolation=job.host.isolation.description if isolated else "",
    )


def _config(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    config: Mapping[str, Any] = arguments.get("ProcessingOutputConfig", {})
    return config


def _input(item: Mapping[str, Any]) -> Mapping[str, Any]:
    source = item.get("S3Input")
    if source is None or "LocalPath" not in source:
        raise StepFailed(f"input {item['InputName']} is no S3 input with a LocalPath")
    require_plain_input(source, mode=source.get("S3InputMode"), compression=source.get("S3CompressionType"))
    checked: Mapping[str, Any] = source
    return checked


def _output(item: Mapping[str, Any]) -> Mapping[str, Any]:
    target = item.get("S3Output")
    if target is None or "LocalPath" not in target:
        raise StepFailed(f"output {item['OutputName']} is no S3 output with a LocalPath")
    checked: Mapping[str, Any] = target
    return checked
