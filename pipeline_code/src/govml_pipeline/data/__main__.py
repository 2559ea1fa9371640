"""`python -m govml_pipeline.data fetch|sample|ingest`: the raw data of a data source, real or synthetic, and into a lake."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path
from types import ModuleType

from govml_pipeline.errors import UserError


def main(arguments: list[str] | None = None) -> int:
    """Run a sub-command; return the exit code (2: a mistake of the user's, or upstream does not answer)."""
    parser = argparse.ArgumentParser(prog="python -m govml_pipeline.data", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    fetch = commands.add_parser("fetch", help="download the published data")
    fetch.add_argument("--source", dest="source", required=True, help="a folder of data_sources/")
    fetch.add_argument("--output", type=Path, required=True, help="folder for the CSV file")
    fetch.add_argument(
        "--via",
        choices=("pages", "file"),
        default="pages",
        help="pages: datastore search, resumable page by page; file: the publisher's prepared file (default: pages)",
    )

    sample = commands.add_parser("sample", help="write a synthetic sample, with no network")
    sample.add_argument("--source", dest="source", required=True, help="a folder of data_sources/")
    sample.add_argument("--output", type=Path, required=True, help="folder for the CSV file")
    sample.add_argument("--seed", type=int, default=1, help="same seed, same bytes (default: 1)")
    sample.add_argument("--rows", type=int, default=30_000, help="number of rows (default: 30000)")

    ingest = commands.add_parser("ingest", help="take delivered files into a lake on this machine")
    ingest.add_argument("--source", required=True, help="a folder of data_sources/")
    ingest.add_argument("--raw", required=True, help="folder of the delivered files")
    ingest.add_argument("--lake", type=Path, required=True, help="folder for table, history, quarantine and reports")

    options = parser.parse_args(arguments)
    try:
        if options.command == "ingest":
            _ingest(options)
            return 0
        module = source_module(options.source, "sample" if options.command == "sample" else "publisher")
        if options.command == "sample":
            path = module.write_sample(options.output, seed=options.seed, rows=options.rows)
            print(f"wrote {path}: {options.rows:,} synthetic rows (seed {options.seed})")
        else:
            path = module.fetch(options.output, via=options.via, progress=lambda text: print(text, file=sys.stderr))
            print(f"wrote {path}")
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _ingest(options: argparse.Namespace) -> None:
    """Run the very step that the account runs, with a catalogue in a file."""
    from govml_pipeline.steps import ingest

    if not Path(options.raw).is_dir():
        raise UserError(f"there is no folder {options.raw}", hint="name the folder that holds the delivered CSV files")
    lake = options.lake.resolve()
    curated, catalogue = str(lake / options.source), str(lake / "catalogue.db")
    ingest.run(argparse.Namespace(**vars(options), curated=curated, catalogue=catalogue, database="lake"))


def source_module(source: str, name: str) -> ModuleType:
    """Import a module of a data source, such as its `sample`.

    Raises:
        UserError: there is no such source or module.
    """
    try:
        return importlib.import_module(f"data_sources.{source}.{name}")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("data_sources"):
            raise
        raise UserError(f"data source {source!r} has no module {name}", hint="for example: hdb_resale") from error


if __name__ == "__main__":
    raise SystemExit(main())
