"""The manifest: a list of exactly the files that hold the table's rows, as SageMaker's input type `ManifestFile` reads it.

A job that takes it as its input gets one state of the table, whole, without any access to the catalogue. Each state has
one of its own name; `latest.manifest` is replaced in one go. Format: Amazon SageMaker API reference, "S3DataSource".
"""

from __future__ import annotations

import json

from govml_pipeline.ingestion.table import CuratedTable
from govml_pipeline.storage import Storage

LATEST = "manifests/latest.manifest"


def write_manifest(table: CuratedTable, curated: Storage) -> str | None:
    """Write the manifest of a table's state if it is not there yet; return its name, None for a table without rows.

    Args:
        table: the table.
        curated: where its files and manifests stand.

    Raises:
        OSError: it cannot be written.
    """
    files = table.data_files()
    if not files:
        return None
    prefix = f"{curated.uri}/"
    entries: list[object] = [{"prefix": prefix}, *(uri.removeprefix(prefix) for uri in files)]
    content = json.dumps(entries, indent=0).encode()
    name = f"manifests/{table.snapshot_id}.manifest"
    for target in (name, LATEST):
        if _read(curated, target) != content:
            curated.write(target, content)
    return name


def _read(curated: Storage, name: str) -> bytes | None:
    try:
        return curated.read(name)
    except FileNotFoundError:
        return None
