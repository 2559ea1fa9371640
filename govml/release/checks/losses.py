"""What one answer's error costs, and the metrics that follow: the pipeline's own definitions, on the standard library."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from govml.release.checks.known_answers import Known, KnownAnswers, as_number, prediction

# Where the logarithm of a probability is cut off, as the evaluation does (scikit-learn's `log_loss`, 64 bits).
_SMALLEST: Final = 2.220446049250313e-16
Pairs = Sequence[tuple[float, float]]


def loss_name(known: KnownAnswers) -> str | None:
    """Return by which loss answers to these rows are compared; None: there is no truth to be wrong about."""
    if known.kind == "clustering" or all(row.truth is None for row in known.rows):
        return None
    if known.kind == "classification":
        return "log loss"
    if known.kind == "anomaly":
        return "wrong flags"
    truths = [as_number(row.truth) for row in known.rows]
    return "absolute percentage error" if all(each and each > 0 for each in truths) else "absolute error"


def loss(row: Known, answer: Any, name: str, positive: Any) -> float | None:
    """Return what an answer to a row costs; None where its truth or its answer is missing.

    Args:
        row: the row, with its truth.
        answer: an answer to it.
        name: what `loss_name` said.
        positive: value that counts as the event, for flags.
    """
    if row.truth is None:
        return None
    if name == "log loss":
        share = as_number(answer.get(f"probability:{row.truth}", 0.0)) if isinstance(answer, Mapping) else None
        return None if share is None else -math.log(min(max(share, _SMALLEST), 1.0))
    said = prediction(answer)
    if name == "wrong flags":
        return None if said is None else float(bool(said) != (row.truth == positive))
    value, truth = as_number(said), as_number(row.truth)
    if value is None or truth is None:
        return None
    wrong = abs(value - truth)
    return wrong / truth * 100 if name == "absolute percentage error" else wrong


def metrics(known: KnownAnswers, answers: Sequence[Any]) -> dict[str, float]:
    """Return the metrics of answers that follow from these rows, by the names that acceptance criteria have.

    Args:
        known: rows with their truth.
        answers: one for each row.
    """
    if known.kind in ("regression", "timeseries"):
        pairs = [
            (value, truth)
            for row, answer in zip(known.rows, answers, strict=True)
            if (value := as_number(prediction(answer))) is not None and (truth := as_number(row.truth)) is not None
        ]
        return {name: value for name, make in _NUMBERS.items() if (value := make(pairs)) is not None} if pairs else {}
    if known.kind != "classification":
        return {}
    told = [
        (str(prediction(answer)), str(row.truth))
        for row, answer in zip(known.rows, answers, strict=True)
        if row.truth is not None and prediction(answer) is not None
    ]
    return {"accuracy": sum(said == true for said, true in told) / len(told)} if told else {}


def _mape(pairs: Pairs) -> float | None:
    shares = [abs(value - truth) / abs(truth) for value, truth in pairs if truth]
    return sum(shares) / len(shares) * 100 if shares else None


def _r2(pairs: Pairs) -> float | None:
    mean = sum(truth for _, truth in pairs) / len(pairs)
    spread = sum((truth - mean) ** 2 for _, truth in pairs)
    return 1 - sum((value - truth) ** 2 for value, truth in pairs) / spread if spread else None


_NUMBERS: Final[Mapping[str, Callable[[Pairs], float | None]]] = {
    "mape": _mape,
    "mae": lambda pairs: sum(abs(value - truth) for value, truth in pairs) / len(pairs),
    "rmse": lambda pairs: math.sqrt(sum((value - truth) ** 2 for value, truth in pairs) / len(pairs)),
    "r2": _r2,
}
