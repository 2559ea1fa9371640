"""`python -m govml_pipeline.authoring --use-case NAME [--check]`: write a use case's definition.json, or compare it."""

from __future__ import annotations

import argparse
import difflib
import importlib
import json
import logging
import sys
import warnings
from pathlib import Path

from govml_pipeline.authoring.text import canonical
from govml_pipeline.authoring.validator import validate
from govml_pipeline.files import write_text


def render(use_case: str) -> str:
    """Author the pipeline of a use case with the SDK and return the canonical text of its definition."""
    # The SDK says at every step that it starts no job and drops job names: both are intended.
    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore", module=r"sagemaker\..*")
    pipeline = importlib.import_module(f"usecases.{use_case}.pipeline").build()
    from govml_pipeline.authoring.sdk import without_script_mode

    return canonical(without_script_mode(json.loads(pipeline.definition())))


def definition_path(use_case: str) -> Path:
    """Path of the committed definition, beside the use case's `pipeline.py`."""
    package = importlib.import_module(f"usecases.{use_case}")
    return Path(package.__path__[0]) / "definition.json"


def main(arguments: list[str] | None = None) -> int:
    """Write or check the definition; return the exit code (1: the check found a difference or a defect)."""
    parser = argparse.ArgumentParser(prog="python -m govml_pipeline.authoring", description=__doc__)
    parser.add_argument("--use-case", default="hdb_resale", help="a folder of usecases/ (default: %(default)s)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the committed file differs")
    options = parser.parse_args(arguments)

    path, text = definition_path(options.use_case), render(options.use_case)
    findings = validate(json.loads(text))
    if findings:
        print(
            "\n".join(["error: the definition is not valid:", *(f"  {finding}" for finding in findings)]),
            file=sys.stderr,
        )
        return 1
    if not options.check:
        write_text(path, text)
        print(f"wrote {path.name} of {options.use_case}: {len(text.encode())} bytes")
        return 0
    committed = path.read_text(encoding="utf-8") if path.exists() else ""
    if committed == text:
        print(f"{path.name} of {options.use_case} is up to date")
        return 0
    sys.stderr.writelines(
        difflib.unified_diff(
            committed.splitlines(keepends=True), text.splitlines(keepends=True), "committed", "authored", n=2
        )
    )
    print(
        f"error: {path} differs from what pipeline.py authors\n  hint: run this command without --check",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
