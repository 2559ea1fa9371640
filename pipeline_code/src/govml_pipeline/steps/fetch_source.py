"""Step Fetch: the publisher's data, as it is now, into the raw zone, where ingestion finds it."""

from __future__ import annotations

import argparse
import importlib
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from govml_pipeline.errors import UserError


def run(options: argparse.Namespace) -> None:
    """Fetch the whole dataset and put it below `complete/`: it holds all records of each of its months.

    Raises:
        UserError: there is no such publisher, or it refuses or stays away; nothing is put then.
    """
    from govml_pipeline.ingestion.delivery import COMPLETE
    from govml_pipeline.storage import open_storage

    try:
        publisher = importlib.import_module(f"data_sources.{options.source}.publisher")
    except ModuleNotFoundError as error:
        raise UserError(
            f"data source {options.source!r} has no publisher to fetch from",
            hint="write data_sources/NAME/publisher.py",
        ) from error
    raw = open_storage(options.raw)
    with tempfile.TemporaryDirectory(prefix="govml-fetch-") as folder:
        path: Path = publisher.fetch(Path(folder), via="pages", progress=print)
        name = f"{COMPLETE}{datetime.now(UTC):%Y-%m-%d}-{path.name}"
        raw.write(name, path)
    print(f"put {raw.uri}/{name}")
