"""Results of earlier executions, found again by what went in: `<directory>/<key>.json`, one file a result."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from govml.execution.failures import StepFailed
from govml.execution.jobs.job import StepResult
from govml.execution.objects import ObjectStore, split_uri
from govml.execution.record import now


class StepCache:
    """Keeps and finds results.

    Args:
        directory: where the entries are; made when the first one is kept.
        store: where the results' objects are.
    """

    def __init__(self, directory: Path, store: ObjectStore) -> None:
        self._directory = directory
        self._store = store

    def keep(self, key: str, result: StepResult, *, run_id: str) -> None:
        """Keep a result under its key, with the state of its objects; an older one gives way."""
        entry = {
            "kept": now(),
            "run_id": run_id,
            "result": dataclasses.asdict(result),
            "objects": {uri: self._state(uri) for uri in _objects(result)},
        }
        self._directory.mkdir(parents=True, exist_ok=True)
        partial = self._directory / f"{key}.partial"
        partial.write_text(json.dumps(entry, indent=1, sort_keys=True), encoding="utf-8")
        partial.replace(self._directory / f"{key}.json")

    def find(self, key: str, *, max_age: timedelta) -> StepResult | None:
        """Return a result of the same work; None: there is none, it is too old, or its objects are not what they were."""
        try:
            entry: dict[str, Any] = json.loads((self._directory / f"{key}.json").read_text(encoding="utf-8"))
            age = datetime.fromisoformat(now()) - datetime.fromisoformat(entry["kept"])
            if age > max_age or any(self._state(uri) != state for uri, state in entry["objects"].items()):
                return None
            found = entry["result"]
            return StepResult(
                properties=found["properties"],
                artifacts=tuple(found["artifacts"]),
                job_name=found["job_name"],
                isolation=found["isolation"],
                cached_from=found["cached_from"] or entry["run_id"],
                trials=tuple(found["trials"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None  # a damaged entry is none

    def _state(self, uri: str) -> dict[str, str]:
        """Every object below a URI, with the tag that changes with its content."""
        try:
            return self._store.tags(uri)
        except StepFailed:
            return {}


def _objects(result: StepResult) -> list[str]:
    return [uri for uri in result.artifacts if uri.startswith("s3://") and split_uri(uri)[1]]
