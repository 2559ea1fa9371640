"""Work-arounds of SageMaker SDK 3.27.0, all of them here. Each has a test that fails once upstream has mended it.

Importing this module needs the SDK (the `dev` lock).
"""

from __future__ import annotations

from typing import Any

import sagemaker.core.telemetry.telemetry_logging as _telemetry
from pydantic import PrivateAttr
from sagemaker.core.shapes import ResourceLimits
from sagemaker.core.training.configs import Channel, InputData
from sagemaker.train.model_trainer import ModelTrainer
from sagemaker.train.tuner import HyperparameterTuner

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


class ProtectedTuner(HyperparameterTuner):  # type: ignore[misc]
    """A `HyperparameterTuner` that keeps what its trainer says about security, and takes pipeline variables as limits.

    The SDK's own drops the volume's key, the encryption between containers and the network isolation from the trials'
    definition without a word, and refuses anything but plain numbers for `max_jobs` and `max_parallel_jobs`.
    """

    def _build_tuning_job_config(self) -> Any:
        limits = self.max_jobs, self.max_parallel_jobs
        self.max_jobs, self.max_parallel_jobs = 1, 1
        try:
            config = super()._build_tuning_job_config()
        finally:
            self.max_jobs, self.max_parallel_jobs = limits
        # `model_construct` leaves out the check of types that refuses pipeline variables.
        config.resource_limits = ResourceLimits.model_construct(
            max_number_of_training_jobs=limits[0], max_parallel_training_jobs=limits[1]
        )
        return config

    def _build_training_job_definition(self, inputs: Any) -> Any:
        definition = super()._build_training_job_definition(inputs)
        compute, networking = self.model_trainer.compute, self.model_trainer.networking
        definition.resource_config.volume_kms_key_id = compute.volume_kms_key_id
        definition.enable_network_isolation = networking.enable_network_isolation
        definition.enable_inter_container_traffic_encryption = networking.enable_inter_container_traffic_encryption
        return definition


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
