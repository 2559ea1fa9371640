"""Step Validate: raw CSV files in, accepted rows and quarantined rows as Parquet and a JSON report out."""

from __future__ import annotations

import argparse

from govml_pipeline import paths
from govml_pipeline.data.validation import describe, list_files, validate_files
from govml_pipeline.files import all_or_nothing, write_json
from govml_pipeline.usecase import load_use_case

ACCEPTED, QUARANTINE, REPORT = "accepted.parquet", "quarantine.parquet", "validation.json"


def run(options: argparse.Namespace) -> None:
    """Validate `input/raw` into `output/validated` and `output/report`; see `data.validation` for what is refused."""
    use_case = load_use_case(options.use_case)
    files, others = list_files(paths.processing_input("raw"))
    outcome = validate_files(files, use_case.contract)
    outcome.report["warnings"] += [f"{name}: not a CSV file, not read" for name in others]
    with (
        all_or_nothing(paths.processing_output("validated")) as validated,
        all_or_nothing(paths.processing_output("report")) as report,
    ):
        outcome.rows.write_parquet(validated / ACCEPTED)
        outcome.quarantined.write_parquet(report / QUARANTINE)
        write_json(report / REPORT, outcome.report)

    dataset = outcome.report["dataset"]
    print(
        f"{dataset['rows_read']:,} rows read from {len(files)} file(s), {dataset['first_month']} to "
        f"{dataset['last_month']}: {dataset['rows_accepted']:,} accepted, {dataset['rows_quarantined']:,} quarantined"
    )
    if outcome.quarantined.height:
        print(describe(outcome.quarantined))
    for warning in outcome.report["warnings"]:
        print(f"warning: {warning}")
