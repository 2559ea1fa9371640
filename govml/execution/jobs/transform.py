"""Transform step: files in, a model's server asked request by request, its answers up beside the names of the files."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import govml
from govml.errors import UserError
from govml.execution.archive import extract_archive
from govml.execution.environment import INHERITED, child_environment
from govml.execution.failures import StepFailed
from govml.execution.jobs.container import TETHER, fetch_input, reason_of, require_plain_input, run_limited
from govml.execution.jobs.job import Job, StepResult
from govml.execution.jobs.model import NamedModel, find_model
from govml.execution.transforming.client import LOOPBACK
from govml.execution.transforming.records import DEFAULT_PAYLOAD_MB, TransformFailed
from govml.execution.transforming.settings import check_transform
from govml.execution.workspace import Workspace

_SOURCE = Path(govml.__file__).parents[1]
#: In a network namespace of its own a server may have the port that SageMaker gives it.
_PORT = 8080


def run_transform(job: Job) -> StepResult:
    """Run a batch transform; its properties are those of DescribeTransformJob.

    Every file is transformed by itself: what succeeded is uploaded, and then the step fails if a file did not (API reference,
    `TransformOutput`). Several instances would share the files; here one does all of them, with the same results.

    Raises:
        StepFailed: the model or the input is missing, an argument is unfit, the server does not come up, or a file failed.
    """
    arguments, store = job.arguments, job.host.store
    output = arguments["TransformOutput"]
    kms_key = output.get("KmsKeyId")
    for key in filter(None, (arguments["TransformResources"].get("VolumeKmsKeyId"), kms_key)):
        store.require_key(key)
    try:
        check_transform(arguments)
    except TransformFailed as error:
        raise StepFailed(str(error)) from error
    model = find_model(job, arguments["ModelName"])
    workspace = Workspace(job.directory / "opt-ml")
    _fetch_model(job, workspace, model)
    inputs, outputs = workspace.directory("/opt/ml/input/data"), workspace.directory("/opt/ml/output/data")
    source = arguments["TransformInput"]["DataSource"].get("S3DataSource")
    if source is None:
        raise StepFailed("the transform's input does not come from S3")
    require_plain_input(source, mode=None, compression=None)
    fetch_input(store, source, inputs)
    found = sorted(path for path in inputs.rglob("*") if path.is_file())
    files = [[str(path), f"{outputs / path.relative_to(inputs)}.out"] for path in found]
    code = _run(job, workspace, model, files)
    uploaded = store.upload_tree(outputs, output["S3OutputPath"], kms_key=kms_key)
    if code:
        raise StepFailed(f"{len(uploaded)} of {len(files)} files were transformed: {reason_of(code, workspace)}")
    return StepResult(
        properties={
            **arguments,
            "TransformJobName": job.name,
            "TransformJobArn": job.arn("transform-job"),
            "TransformJobStatus": "Completed",
        },
        artifacts=tuple(uploaded),
        job_name=job.name,
        isolation=job.host.isolation.description if model.isolated else "",
    )


def _fetch_model(job: Job, workspace: Workspace, model: NamedModel) -> None:
    archives = job.directory / "archive"
    archives.mkdir()
    job.host.store.download(model.archive, archives)
    try:
        extract_archive(archives / model.archive.rsplit("/", 1)[-1], workspace.directory("/opt/ml/model"))
    except UserError as error:
        raise StepFailed(f"the model archive {model.archive} cannot be opened: {error}") from error


def _run(job: Job, workspace: Workspace, model: NamedModel, files: list[list[str]]) -> int:
    """Start the server and the transform beside it; return the exit code."""
    work = job.directory / "work"
    work.mkdir()
    spec = job.directory / "transform.json"
    spec.touch(mode=0o600)
    namespace = job.host.isolation.prefix if model.isolated else ()
    content = {
        "server": {
            "command": [*TETHER, *_command(job, workspace)],
            "env": _environment(job, workspace, model),
            "cwd": str(work),
        },
        "arguments": job.arguments,
        "files": files,
        "port": _PORT if namespace else 0,
        "failure": str(workspace.path("/opt/ml/output/failure")),
    }
    spec.write_text(json.dumps(content), encoding="utf-8")
    own = {name: os.environ[name] for name in INHERITED if name in os.environ} | {"PYTHONPATH": str(_SOURCE)}
    command = [*namespace, *TETHER, sys.executable, "-m", "govml.execution.transforming", str(spec)]
    return run_limited(job, command, env=own, cwd=work).code


def _command(job: Job, workspace: Workspace) -> list[str]:
    """The program of the serving image, as a real-time model's is started on this machine."""
    model = str(workspace.path("/opt/ml/model"))
    options = ["--model-dir", model, "--host", LOOPBACK, "--port", "{port}", "--batch"]
    return [str(job.host.interpreter), "-m", "govml_pipeline.serving", *options]


def _environment(job: Job, workspace: Workspace, model: NamedModel) -> dict[str, str]:
    """Variables of the server: the model's, the job's, and those that SageMaker sets ("Use Your Own Inference Code...")."""
    arguments: Mapping[str, Any] = job.arguments
    platform = {
        "SAGEMAKER_BATCH": "true",
        "SAGEMAKER_MAX_PAYLOAD_IN_MB": str(arguments.get("MaxPayloadInMB", DEFAULT_PAYLOAD_MB)),
        "SAGEMAKER_BATCH_STRATEGY": "SINGLE_RECORD"
        if arguments.get("BatchStrategy") == "SingleRecord"
        else "MULTI_RECORD",
        "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": str(arguments.get("MaxConcurrentTransforms") or 1),
    }
    return child_environment(
        interpreter=job.host.interpreter,
        home=job.host.home,
        base_dir=workspace.root,
        platform={},
        job={
            **workspace.rewrite(dict(model.environment)),
            **workspace.rewrite(dict(arguments.get("Environment", {}))),
            **platform,
        },
        overrides={},
        account=None,
    )
