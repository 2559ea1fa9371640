"""Where a SageMaker container finds its inputs and leaves its outputs.

`SAGEMAKER_BASE_DIR` moves the whole tree away from `/opt/ml` (the official training toolkit honours it too), which is
how the same steps run on a laptop. Source of the layout: "How Amazon SageMaker Processing configures your container"
and "How Amazon SageMaker AI provides training information" in the SageMaker developer guide.
"""

from __future__ import annotations

import os
from pathlib import Path

from govml_pipeline.errors import UserError


def base_dir() -> Path:
    """Root of the container's data tree."""
    return Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))


def processing_input(name: str) -> Path:
    """Folder of a processing job's input.

    Raises:
        UserError: the input is not there.
    """
    return _existing(base_dir() / "processing" / "input" / name, f"processing input {name!r}")


def processing_output(name: str) -> Path:
    """Folder of a processing job's output; made if the platform has not made it."""
    return _made(base_dir() / "processing" / "output" / name)


def channel(name: str) -> Path:
    """Folder of a training job's input channel.

    Raises:
        UserError: the channel is not there.
    """
    return _existing(base_dir() / "input" / "data" / name, f"training channel {name!r}")


def hyperparameters_file() -> Path:
    """File with the training job's hyperparameters, all values strings."""
    return base_dir() / "input" / "config" / "hyperparameters.json"


def model_dir() -> Path:
    """Folder that a training job leaves its model in, and that an endpoint finds it in."""
    return _made(base_dir() / "model")


def message_file() -> Path:
    """File whose first 1024 characters the service shows as a processing job's exit message or a failure reason."""
    training = (base_dir() / "input" / "config").exists()
    return base_dir() / "output" / ("failure" if training else "message")


def _existing(path: Path, what: str) -> Path:
    if not path.is_dir():
        raise UserError(
            f"{what} is missing: there is no folder {path}",
            hint="run the step from the pipeline, or set SAGEMAKER_BASE_DIR to a folder laid out like /opt/ml",
        )
    return path


def _made(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path
