"""What the tests of `govml usecase new` share: the command, what it says, and a file to start from."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from govml.cli.use_case import INTERPRETER
from govml.cli.use_case_new import usecase

NEEDS_PIPELINE = pytest.mark.skipif(not INTERPRETER.exists(), reason="the pipeline's environment is not installed")


def new(repository: Path, name: str, *arguments: str) -> Result:
    return CliRunner().invoke(
        usecase, ["new", name, "--root", str(repository), "--no-definition", *arguments], catch_exceptions=False
    )


def agency_entry(result: Result) -> dict[str, Any]:
    """What the command tells to add to the agency file."""
    entry: dict[str, Any] = yaml.safe_load(result.output.partition("agency file:\n")[2].partition("Then:")[0])
    return entry


def acceptance(result: Result, name: str) -> dict[str, Any]:
    criteria: dict[str, Any] = agency_entry(result)["use_cases"][name]["acceptance"]
    return criteria


def deliver(path: Path, rows: int = 900, **columns: Any) -> Path:
    """Write a CSV file of made-up fines; a column given as a function replaces or adds one."""
    draw = random.Random(4)  # noqa: S311  test data
    made: dict[str, Any] = {
        "period": lambda row: f"{2021 + row % 36 // 12}-{row % 12 + 1:02d}",
        "ticket": lambda row: f"T{row:05d}",
        "zone": lambda _: draw.choice(["North", "South", "East"]),
        "speed": lambda _: str(draw.randint(50, 120)),
        "fee": lambda row: f"{draw.uniform(10, 300):.2f}" if row % 9 else "",
        "paid": lambda _: draw.choice(["yes", "no", "no"]),
    }
    made |= columns
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(made)
        writer.writerows([value(row) for value in made.values()] for row in range(rows))
    return path
