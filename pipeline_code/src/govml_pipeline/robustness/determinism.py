"""Whether the same row gets the same answer: twice, among others in another order, and alone."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from govml_pipeline.model.artefact import Model

#: So many rows are also predicted one by one.
SINGLE_ROWS: Final = 50


def determinism(model: Model, rows: pl.DataFrame, answers: pl.DataFrame) -> dict[str, Any]:
    """Compare answers bit by bit.

    Args:
        model: the model.
        rows: validated rows, at least one.
        answers: what the model says about them.

    Returns:
        `again`, `reversed`, `one_by_one`: whether the answers are equal; `deterministic`: all three are.
    """
    backwards = model.predict(rows.reverse()).reverse()
    chosen = np.linspace(0, rows.height - 1, min(SINGLE_ROWS, rows.height)).astype(int).tolist()
    alone = pl.concat([model.predict(rows[position]) for position in chosen])
    found = {
        "again": model.predict(rows).equals(answers),
        "reversed": backwards.equals(answers),
        "one_by_one": alone.equals(answers[chosen]),
    }
    return {**found, "deterministic": all(found.values())}
