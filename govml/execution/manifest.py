"""Reads a `ManifestFile`: the list of objects that SageMaker copies into a container instead of all below a prefix.

Source: Amazon SageMaker API reference, "S3DataSource": a JSON list that begins with `{"prefix": "s3://..."}` and goes on
with object names relative to it.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import PurePosixPath

from govml.execution.failures import StepFailed


def parse_manifest(content: bytes, *, uri: str) -> list[tuple[str, PurePosixPath]]:
    """Return for each listed object its URI and its path below the container's folder, in the manifest's order.

    Args:
        content: the manifest.
        uri: its own URI, for messages.

    Raises:
        StepFailed: it is no manifest, lists nothing, lists an object twice, or a name would leave the folder.
    """
    try:
        entries = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StepFailed(f"the manifest {uri} is not JSON") from error
    head = entries[0] if isinstance(entries, list) and entries else None
    if not isinstance(head, dict) or set(head) != {"prefix"} or not str(head["prefix"]).startswith("s3://"):
        raise StepFailed(f'the manifest {uri} does not begin with {{"prefix": "s3://..."}}')
    if len(entries) == 1:
        raise StepFailed(f"the manifest {uri} lists no object")
    found: list[tuple[str, PurePosixPath]] = []
    for name in entries[1:]:
        path = PurePosixPath(name) if isinstance(name, str) else None
        if path is None or not path.parts or path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
            raise StepFailed(f"the manifest {uri} lists {str(name)[:80]!r}, which is no safe path below a folder")
        found.append((f"{head['prefix']}{name}", path))
    for path, times in Counter(path for _, path in found).items():
        if times > 1:
            raise StepFailed(f"the manifest {uri} lists {path} {times} times")
    return found
