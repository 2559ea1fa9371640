"""The manifest: a list of exactly the files that hold the table's rows, as SageMaker's input type `ManifestFile` reads it.

A job that takes it as its input gets one state of the table, whole, without any access to the catalogue. Each state has
one of its own name; `latest.manifest` is replaced in one go. Format: Amazon SageMaker API reference, "S3DataSource".
`latest.redshift` lists the same files in the form that a warehouse's COPY takes (Redshift developer guide, "Using a manifest
to specify data files": columnar files need their length).
"""

from __future__ import annotations

import json

from govml_pipeline.ingestion.table import CuratedTable
from govml_pipeline.storage import Storage

LATEST, WAREHOUSE = "manifests/latest.manifest", "manifests/latest.redshift"


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
    loads = [{"url": uri, "mandatory": True, "meta": {"content_length": size}} for uri, size in files.items()]
    name = f"manifests/{table.snapshot_id}.manifest"
    wanted = {name: content, WAREHOUSE: json.dumps({"entries": loads}, indent=0).encode(), LATEST: content}
    for target, text in wanted.items():
        if _read(curated, target) != text:
            curated.write(target, text)
    return name


def _read(curated: Storage, name: str) -> bytes | None:
    try:
        return curated.read(name)
    except FileNotFoundError:
        return None
