"""`python -m govml_pipeline.authoring [PACKAGE ...] [--check]`: write every definition.json, or compare it.

A package is a folder with a `pipeline.py`: one of `usecases/` (the training pipeline of a use case) or of `pipelines/`
(what is deployed per data source).
"""

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

PARENTS = ("usecases", "pipelines")


def packages() -> list[str]:
    """Return every package that authors a pipeline, as in `usecases.hdb_resale`."""
    found = {
        f"{parent}.{path.parent.name}"
        for parent in PARENTS
        for folder in importlib.import_module(parent).__path__  # one folder may stand in the path twice
        for path in Path(folder).glob("*/pipeline.py")
    }
    return sorted(found)


def render(package: str) -> str:
    """Author the pipeline of a package with the SDK and return the canonical text of its definition."""
    # The SDK says at every step that it starts no job and drops job names: both are intended.
    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore", module=r"sagemaker\..*")
    pipeline = importlib.import_module(f"{package}.pipeline").build()
    from govml_pipeline.authoring.sdk import without_script_mode

    return canonical(without_script_mode(json.loads(pipeline.definition())))


def definition_path(package: str) -> Path:
    """Path of the committed definition, beside the package's `pipeline.py`."""
    return Path(importlib.import_module(package).__path__[0]) / "definition.json"


def main(arguments: list[str] | None = None) -> int:
    """Write or check the definitions; return the exit code (1: the check found a difference or a defect)."""
    parser = argparse.ArgumentParser(prog="python -m govml_pipeline.authoring", description=__doc__)
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help="such as usecases.hdb_resale (default: all)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a committed file differs")
    options = parser.parse_args(arguments)
    return max([_author(package, check=options.check) for package in options.packages or packages()])


def _author(package: str, *, check: bool) -> int:
    path, text = definition_path(package), render(package)
    findings = validate(json.loads(text))
    if findings:
        print(
            "\n".join([f"error: the definition of {package} is not valid:", *(f"  {finding}" for finding in findings)]),
            file=sys.stderr,
        )
        return 1
    if not check:
        write_text(path, text)
        print(f"wrote {path.name} of {package}: {len(text.encode())} bytes")
        return 0
    committed = path.read_text(encoding="utf-8") if path.exists() else ""
    if committed == text:
        print(f"{path.name} of {package} is up to date")
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
