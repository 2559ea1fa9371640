"""Training step: channels in, one command on one or several hosts, the model packed into `model.tar.gz`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from govml.execution.archive import write_archive
from govml.execution.failures import StepFailed
from govml.execution.jobs.cluster import Instance, make_instances, run_instances
from govml.execution.jobs.container import fetch_input, require_plain_input, run_container, write_json
from govml.execution.jobs.job import Job, StepResult
from govml.execution.workspace import Workspace


def run_training(job: Job) -> StepResult:
    """Run a training job; its properties are those of DescribeTrainingJob.

    Raises:
        StepFailed: a channel is empty, the command fails, or it leaves no model.
    """
    algorithm = job.arguments["AlgorithmSpecification"]
    return train(job, [*algorithm["ContainerEntrypoint"], *algorithm.get("ContainerArguments", [])])


def train(job: Job, command: Sequence[str]) -> StepResult:
    """Run a training job, or a trial of a tuning job, whose container starts with `command`.

    Raises:
        StepFailed: see `run_training`.
    """
    arguments, store = job.arguments, job.host.store
    output = arguments["OutputDataConfig"]
    kms_key = output.get("KmsKeyId")
    for key in filter(None, (arguments["ResourceConfig"].get("VolumeKmsKeyId"), kms_key)):
        store.require_key(key)

    instances = make_instances(job, arguments["ResourceConfig"].get("InstanceCount", 1))
    for instance in instances:
        _lay_out(job, instance, [each.name for each in instances])
    workspace = instances[0].workspace
    isolated = bool(arguments.get("EnableNetworkIsolation"))
    platform = {"TRAINING_JOB_NAME": job.name, "TRAINING_JOB_ARN": job.arn("training-job")}
    if len(instances) == 1:
        run_container(job, workspace, command=command, platform=platform, isolated=isolated)
    else:
        run_instances(job, instances, command=command, platform=platform, isolated=isolated)
    base = f"{output['S3OutputPath'].rstrip('/')}/{job.name}/output"
    model = _upload_archive(job, workspace.path("/opt/ml/model"), f"{base}/model.tar.gz", kms_key)
    if model is None:
        raise StepFailed("the training command succeeded but left nothing in /opt/ml/model")
    _upload_archive(job, workspace.path("/opt/ml/output/data"), f"{base}/output.tar.gz", kms_key)
    return StepResult(
        properties={
            **arguments,
            "TrainingJobName": job.name,
            "TrainingJobArn": job.arn("training-job"),
            "TrainingJobStatus": "Completed",
            "ModelArtifacts": {"S3ModelArtifacts": model},
        },
        artifacts=(model,),
        job_name=job.name,
        isolation=job.host.isolation.description if isolated else "",
    )


def _lay_out(job: Job, instance: Instance, hosts: list[str]) -> None:
    """Fill a host's `/opt/ml` with its channels and configuration."""
    workspace = instance.workspace
    for channel in job.arguments.get("InputDataConfig", []):
        _fetch(job, instance, len(hosts), channel)
    for directory in ("/opt/ml/model", "/opt/ml/output/data", "/opt/ml/input/data"):
        workspace.directory(directory)
    _write_configuration(workspace, job.arguments)
    resources = {"current_host": instance.name, "hosts": hosts, "network_interface_name": "lo"}
    write_json(workspace.directory("/opt/ml/input/config"), "resourceconfig.json", resources)


def _fetch(job: Job, instance: Instance, instances: int, channel: Mapping[str, Any]) -> None:
    source = channel["DataSource"].get("S3DataSource")
    if source is None:
        raise StepFailed(f"channel {channel['ChannelName']} does not come from S3")
    mode = channel.get("InputMode") or job.arguments["AlgorithmSpecification"].get("TrainingInputMode")
    require_plain_input(source, mode=mode, compression=channel.get("CompressionType"))
    target = instance.workspace.directory(f"/opt/ml/input/data/{channel['ChannelName']}")
    fetch_input(job.host.store, source, target, number=instance.number, instances=instances)


def _write_configuration(workspace: Workspace, arguments: Mapping[str, Any]) -> None:
    config = workspace.directory("/opt/ml/input/config")
    write_json(config, "hyperparameters.json", workspace.rewrite(dict(arguments.get("HyperParameters", {}))))
    write_json(
        config,
        "inputdataconfig.json",
        {
            channel["ChannelName"]: {
                **({"ContentType": channel["ContentType"]} if "ContentType" in channel else {}),
                "TrainingInputMode": "File",
                "S3DistributionType": channel["DataSource"]["S3DataSource"].get(
                    "S3DataDistributionType", "FullyReplicated"
                ),
                "RecordWrapperType": channel.get("RecordWrapperType", "None"),
            }
            for channel in arguments.get("InputDataConfig", [])
        },
    )


def _upload_archive(job: Job, directory: Path, uri: str, kms_key: str | None) -> str | None:
    """Pack and upload a directory; return the URI, or None where there is nothing to pack."""
    if not any(directory.iterdir()):
        return None
    archive = job.directory / uri.rsplit("/", 1)[-1]
    try:
        write_archive(directory, archive)
    except ValueError as error:
        raise StepFailed(f"cannot pack {archive.name}: {error}") from error
    job.host.store.upload(archive, uri, kms_key=kms_key)
    archive.unlink()
    return uri
