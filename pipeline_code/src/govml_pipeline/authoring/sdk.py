"""Work-arounds of SageMaker SDK 3.27.0, all of them here. Each has a test that fails once upstream has mended it.

Importing this module needs the SDK (the `dev` lock).
"""

from __future__ import annotations

from typing import Any

import sagemaker.core.telemetry.telemetry_logging as _telemetry
from pydantic import PrivateAttr
from sagemaker.core.training.configs import Channel, InputData
from sagemaker.train.model_trainer import ModelTrainer

SDK_VERSION = "3.27.0"


class EntrypointTrainer(ModelTrainer):
    """A `ModelTrainer` whose container starts with a given command.

    The service takes `AlgorithmSpecification.ContainerEntrypoint`, but `ModelTrainer` sets it only together with
    `SourceCode`, which uploads the code under a time-stamped key (so that no definition is like the one before) and
    wraps it in a shell script of the SDK.
    """

    _entrypoint: list[str] = PrivateAttr(default_factory=list)
    _arguments: list[Any] = PrivateAttr(default_factory=list)

    def with_entrypoint(self, entrypoint: list[str], arguments: list[Any]) -> EntrypointTrainer:
        """Set the container's command and its arguments (strings or pipeline variables); return the trainer."""
        self._entrypoint = entrypoint
        self._arguments = arguments
        return self

    def _create_training_job_args(
        self, input_data_config: list[Channel | InputData] | None = None, boto3: bool = False
    ) -> dict[str, Any]:
        request: dict[str, Any] = super()._create_training_job_args(input_data_config, boto3)
        specification = request["AlgorithmSpecification"]
        specification["ContainerEntrypoint"] = self._entrypoint
        specification["ContainerArguments"] = self._arguments
        return request


def without_script_mode(definition: dict[str, Any]) -> dict[str, Any]:
    """Drop the variables of script mode (`SAGEMAKER_*`) from the containers of model packages, in place.

    `ModelBuilder` adds them, empty or with the region of the authoring machine, to an image that has no script mode.
    """
    for step in _all_steps(definition["Steps"]):
        for container in step["Arguments"].get("InferenceSpecification", {}).get("Containers", []):
            environment = container.pop("Environment", {})
            kept = {name: value for name, value in environment.items() if not name.startswith("SAGEMAKER_")}
            if kept:
                container["Environment"] = kept
    return definition


def _all_steps(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    inner = [
        child
        for step in steps
        if step["Type"] == "Condition"
        for branch in ("IfSteps", "ElseSteps")
        for child in _all_steps(step["Arguments"].get(branch, []))
    ]
    return [*steps, *inner]


def disable_telemetry() -> None:
    """Cut the SDK's usage reports: the opt-out flag lives in a config file whose validation takes 20 s per pipeline."""
    _telemetry._send_telemetry_request = lambda *_, **__: None
