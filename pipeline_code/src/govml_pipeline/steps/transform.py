"""Step Transform: rows in; contract-checked rows, quarantine and monthly totals out, on the engine that is chosen."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from govml_pipeline import paths
from govml_pipeline.data import months
from govml_pipeline.engine import job
from govml_pipeline.engine.choice import open_engine
from govml_pipeline.errors import UserError
from govml_pipeline.files import all_or_nothing, write_json
from govml_pipeline.usecase import load_use_case

SUMMARY = "transform.json"


def run(options: argparse.Namespace) -> None:
    """Transform `--rows` (default: `input/rows`) into `--output` (default: `output/transformed`)."""
    use_case = load_use_case(options.use_case)
    if use_case.derivation is None:
        raise UserError(f"use case {use_case.name!r} has no derivation", hint="name one in its definition.py")
    rows = options.rows or str(paths.processing_input("rows"))
    output = options.output or str(paths.processing_output("transformed"))
    settings = {
        "contract": use_case.contract,
        "derivation": use_case.derivation,
        "this_month": months.number(options.this_month) if options.this_month else None,
    }
    with open_engine(options.engine, master=options.master) as engine:
        if "://" in output:  # a store without renames: Spark commits each folder, and the log has the figures
            outcome = job.run(engine, rows=rows, output=output.rstrip("/"), **settings)
        else:
            with all_or_nothing(Path(output)) as folder:
                outcome = job.run(engine, rows=rows, output=str(folder), **settings)
                shutil.rmtree(folder / job.STAGED, ignore_errors=True)
                write_json(folder / SUMMARY, outcome.as_json())
    print(json.dumps(outcome.as_json(), sort_keys=True))
