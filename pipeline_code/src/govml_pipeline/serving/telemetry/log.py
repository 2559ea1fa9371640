"""One line of JSON per request: ids that were found harmless, numbers, and types of errors; nothing that a caller wrote."""

from __future__ import annotations

import json
import sys
from typing import Any

from govml_pipeline.serving.observation import Observation


def log(observation: Observation) -> None:
    """Write the line to standard output, which SageMaker sends to CloudWatch Logs."""
    entry: dict[str, Any] = {
        "correlation_id": observation.identity.correlation,
        "inference_id": observation.identity.inference,
        "model_version": observation.model_version,
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
