"""`python -m govml_pipeline.monitoring.feedback --use-case NAME FILE...`: are these files feedback that counts?

Prints each line that does not count with its reason, and ends with 1 if there is any.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from govml_pipeline.errors import UserError
from govml_pipeline.monitoring.feedback.reading import Feedback, read_files
from govml_pipeline.monitoring.intake.arriving import target_type
from govml_pipeline.usecase import load_use_case


def main(arguments: list[str] | None = None) -> int:
    """Check the files of the command line; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--use-case", required=True)
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    try:
        found = check(options.files, options.use_case)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for each in found.refused:
        print(f"{each['file']}:{each['line']}: {each['reason']}")
    counts = found.counts
    print(f"{counts['feedback_lines']:,} lines, {counts['feedback_refused']:,} refused")
    return 1 if counts["feedback_refused"] or not counts["feedback_lines"] else 0


def check(files: list[Path], use_case: str) -> Feedback:
    """Read files as the drift engine will.

    Raises:
        UserError: there is no such use case, or a file cannot be read.
    """
    case = load_use_case(use_case)
    for path in files:
        if not path.is_file():
            raise UserError(f"{path} is no file", hint="name files of JSON lines")
    latest = datetime.now(UTC) + timedelta(minutes=case.monitoring.clock_skew_minutes)
    named = [(path, path.as_posix()) for path in files]
    return read_files(named, case.contract.target, target_type(case), latest=latest)


if __name__ == "__main__":
    sys.exit(main())
