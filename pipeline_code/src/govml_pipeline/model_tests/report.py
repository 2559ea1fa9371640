"""Running a use case's model tests, and their results with examples of violations."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from govml_pipeline.errors import UserError
from govml_pipeline.explanation.attribution import sample
from govml_pipeline.model_tests.base import Checked, ModelTest, Predictor, numbers

#: Rows that every test is given, the same for all.
ROWS: Final = 1000
_EXAMPLES: Final = 3


def model_test_report(model: Predictor, rows: pl.DataFrame, tests: tuple[ModelTest, ...]) -> dict[str, Any]:
    """Run tests on a fixed sample of test rows.

    Args:
        model: the model.
        rows: test rows, with the input columns that the tests change.
        tests: tests of the use case.

    Returns:
        `failed`, how many tests did; `tests`, each with `name`, `kind`, `why`, `passed`, `rows` that it applied to,
        `violations`, `allowed` share of them, and up to three `examples`. A test that applied to no row has failed: it
        has shown nothing.

    Raises:
        UserError: two tests of the same name.
    """
    names = [test.name for test in tests]
    if len(set(names)) != len(names):
        raise UserError(f"model tests: two are named {max(names, key=names.count)!r}", hint="give each its own name")
    part = rows[sample(rows.height, ROWS).tolist()]
    results = [_result(test, model, part) for test in tests]
    return {"failed": sum(not result["passed"] for result in results), "tests": results}


def _result(test: ModelTest, model: Predictor, rows: pl.DataFrame) -> dict[str, Any]:
    result: dict[str, Any] = {
        "name": test.name,
        "kind": type(test).__name__,
        "why": test.why,
        "allowed": test.allowed,
    }
    try:
        found = test.check(model, rows)
    # A model that cannot answer what a test asks has failed it; what a use case's own code may raise is known.
    except (UserError, ValueError, KeyError, ArithmeticError, pl.exceptions.PolarsError) as error:
        reason = f"{type(error).__name__}: {error}"[:300]
        return {**result, "passed": False, "rows": rows.height, "violations": None, "examples": [], "failed": reason}
    violations, n = int(found.violated.sum()), found.rows.height
    broken = violations > test.allowed * n if found.average is None else found.average
    passed = n > 0 and not broken
    return {
        **result,
        "asked_of": "each row" if found.average is None else "the average",
        "passed": bool(passed),
        "rows": n,
        "violations": violations,
        "examples": [] if passed else _examples(found),
    }


def _examples(found: Checked) -> list[dict[str, Any]]:
    """The violations that are worst, or first where nothing is changed."""
    positions = np.flatnonzero(found.violated)
    if found.after is not None and found.before["prediction"].dtype.is_numeric():
        step = np.abs(numbers(found.after) - numbers(found.before))[positions]
        positions = positions[np.argsort(-np.nan_to_num(step, nan=np.inf), kind="stable")]
    return [
        {
            "inputs": {name: _plain(value) for name, value in found.rows.row(int(position), named=True).items()},
            "prediction": _plain(found.before["prediction"][int(position)]),
            **({} if found.after is None else {"changed": _plain(found.after["prediction"][int(position)])}),
        }
        for position in positions[:_EXAMPLES]
    ]


def _plain(value: Any) -> Any:
    """A value that JSON has."""
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
