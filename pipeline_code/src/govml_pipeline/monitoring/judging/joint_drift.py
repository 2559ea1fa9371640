"""Joint drift: whether a classifier can tell a window's inputs from the baseline's, though each column may look as before.

Size is the Gini coefficient of its scores, 2 AUC - 1: 0 for nothing to tell, 0.2 for an AUC of 0.6. The baseline keeps a
sample of its rows for it, and how well each of its own windows could be told from the others.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from govml_pipeline.explanation.attribution import sample
from govml_pipeline.monitoring.judging.signals import Signal, unusual
from govml_pipeline.monitoring.judging.windows import WINDOW
from govml_pipeline.monitoring.measures.joint import domain_classifier
from govml_pipeline.monitoring.sketches.profile import FeatureKind

#: Rows of a baseline that are kept, and rows of a side that a classifier is trained on: 1,000 take 0.2 s of a core.
KEPT: Final = 2000
_TRAINED_ON: Final = 1000
#: Windows of the baseline that are told from the others, spread over all of them: enough for how much they differ.
_TOLD_APART: Final = 6


def sampled(rows: pl.DataFrame, kinds: dict[str, FeatureKind]) -> dict[str, list[Any]]:
    """Columns of a sample of the baseline's rows, with their windows, as JSON holds them.

    Args:
        rows: rows of the baseline with `window`.
        kinds: the inputs that are compared.
    """
    ordered = rows.select(WINDOW, *sorted(kinds)).sort(WINDOW, *sorted(kinds), nulls_last=True)
    found: dict[str, list[Any]] = ordered[sample(ordered.height, KEPT).tolist()].to_dict(as_series=False)
    return found


def usual_gini(kept: dict[str, list[Any]], kinds: dict[str, FeatureKind]) -> list[float]:
    """How well windows of the sample can be told from the others; those with too few rows are left out."""
    frame = pl.DataFrame(kept)
    found = []
    windows = frame[WINDOW].unique().sort().to_list()
    for window in windows[:: -(-len(windows) // _TOLD_APART) or 1]:
        mine = pl.col(WINDOW) == window
        gini = _gini(frame.filter(~mine), frame.filter(mine), kinds)
        if gini is not None:
            found.append(gini[0])
    return found


def joint_signal(
    window: str, rows: pl.DataFrame, kept: dict[str, list[Any]], usual: list[float], kinds: dict[str, FeatureKind]
) -> Signal | None:
    """Compare a window's rows with the baseline's sample; None with too few rows on either side.

    Args:
        window: name of the window.
        rows: its rows.
        kept: `sampled` of the baseline.
        usual: `usual_gini` of the baseline.
        kinds: the inputs that are compared.
    """
    frame = pl.DataFrame(kept)
    found = _gini(frame, rows, kinds) if kinds and not frame.is_empty() else None
    if found is None:
        return None
    gini, error = found
    says = f"inputs can be told from the baseline's with an AUC of {(gini + 1) / 2:.3f}"
    p_value = unusual(gini, usual, error=error)
    return Signal("data_drift", "joint", window, max(0.0, gini), p_value, rows.height, says=says)


def _gini(before: pl.DataFrame, now: pl.DataFrame, kinds: dict[str, FeatureKind]) -> tuple[float, float] | None:
    """Gini coefficient and its standard error."""
    found = domain_classifier(before, now, kinds, most=_TRAINED_ON)
    if found is None:
        return None
    return 2 * found.auc - 1, float(np.subtract(found.upper, found.lower) / 1.96)
