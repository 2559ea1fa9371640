"""One line of JSON per request: ids that were found harmless, numbers, and types of errors; nothing that a caller wrote."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Final

from govml_pipeline.serving.observation import Observation

#: Number of the model package in the registry, which a release sets; None: the model was handed over, or runs on a laptop.
_PACKAGE: Final = os.environ.get("GOVML_MODEL_VERSION")


def log(observation: Observation) -> None:
    """Write the line to standard output, which SageMaker sends to CloudWatch Logs."""
    entry: dict[str, Any] = {
        "correlation_id": observation.identity.correlation,
        "inference_id": observation.identity.inference,
        "model_version": observation.model_version,
        "package_version": _PACKAGE,
        "status": observation.status,
        "error": observation.error,
        "rows": observation.rows,
        "milliseconds": round(observation.seconds * 1000, 2),
    }
    write(entry)


def write(entry: dict[str, Any]) -> None:
    """Write an entry as one line."""
    write_line(json.dumps(entry))


def write_line(line: str) -> None:
    """Write a line; at once, so that a process that is killed leaves no half of one."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
