"""The columns that the catalogue shows are those of the files that ingestion writes: a wrong name reads as empty."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from govml.contracts import CHANGE, ORIGIN, QUARANTINE

INGESTION = Path(__file__).resolve().parents[3] / "pipeline_code/src/govml_pipeline/ingestion"
# Polars type -> Glue type of the Parquet column that it becomes (Athena user guide, "Data types in Amazon Athena")
KINDS = {"Int32": "int", "Int64": "bigint", "String": "string", "Datetime": "timestamp"}


def written(module: str, table: str) -> dict[str, str]:
    """Return a table of columns as the pipeline's source has it, with the types in Glue's words; nothing is imported."""
    names: dict[str, str] = {}
    found: dict[str, ast.Dict] = {}
    for path in (INGESTION.parent / "data" / "csv_rows.py", INGESTION / f"{module}.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.Assign):
                continue
            (target,) = node.targets
            if isinstance(target, ast.Name) and isinstance(node.value, ast.Dict):
                found[target.id] = node.value
            pairs = (
                zip(target.elts, node.value.elts, strict=True)
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                else [(target, node.value)]
            )
            for name, value in pairs:
                if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                    names[name.id] = str(value.value)
    columns: dict[str, str] = {}
    for key, kind in zip(found[table].keys, found[table].values, strict=True):
        assert key is not None
        column = names[key.id] if isinstance(key, ast.Name) else str(ast.literal_eval(key))
        attribute = kind.func if isinstance(kind, ast.Call) else kind
        assert isinstance(attribute, ast.Attribute)
        columns[column] = KINDS[attribute.attr]
    return columns


@pytest.mark.parametrize(
    ("module", "table", "shown"),
    [("merging", "ORIGIN", ORIGIN), ("merging", "CHANGE", CHANGE), ("quarantine", "SCHEMA", QUARANTINE)],
)
def test_the_catalogue_shows_what_ingestion_writes(module: str, table: str, shown: dict[str, str]) -> None:
    assert list(written(module, table).items()) == list(shown.items())
