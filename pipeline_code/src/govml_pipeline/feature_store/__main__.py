"""`python -m govml_pipeline.feature_store --use-case NAME [--check]`: write feature_groups.json, or compare it."""

from __future__ import annotations

import argparse
import difflib
import json
import sys

from govml_pipeline.errors import UserError
from govml_pipeline.feature_store.declaration import load_declarations, refused_changes
from govml_pipeline.files import write_text


def main(arguments: list[str] | None = None) -> int:
    """Write or check the file; return the exit code (1: the check found a difference, 2: a change that is refused)."""
    parser = argparse.ArgumentParser(prog="python -m govml_pipeline.feature_store", description=__doc__)
    parser.add_argument("--use-case", default="hdb_resale", help="a folder of usecases/ (default: %(default)s)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the committed file differs")
    options = parser.parse_args(arguments)
    try:
        return _run(options.use_case, check=options.check)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code


def _run(use_case: str, *, check: bool) -> int:
    declarations = load_declarations(use_case)
    path, content = declarations.path, declarations.as_json()
    # Not sorted: the order of the features is part of a group.
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    committed = path.read_text(encoding="utf-8") if path.exists() else ""
    findings = refused_changes(json.loads(committed), content) if committed else []
    if findings:
        raise UserError(
            f"{path.name} of {use_case}: a feature group that exists cannot change so:\n    " + "\n    ".join(findings),
            hint="SageMaker only adds features, at the end; for anything else raise the group's version",
        )
    if not check:
        write_text(path, text)
        print(f"wrote {path.name} of {use_case}: {len(declarations.groups)} feature groups")
        return 0
    if committed == text:
        print(f"{path.name} of {use_case} is up to date")
        return 0
    before, after = committed.splitlines(keepends=True), text.splitlines(keepends=True)
    sys.stderr.writelines(difflib.unified_diff(before, after, "committed", "declared", n=2))
    print(
        f"error: {path} differs from what feature_groups.py declares\n  hint: run this command without --check",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
