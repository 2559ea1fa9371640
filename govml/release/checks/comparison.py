"""A/B: the new model against the champion, row by row on the same rows (paired bootstrap)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from govml.release.checks.known_answers import Known, KnownAnswers
from govml.release.checks.losses import loss, loss_name
from govml.release.checks.outcome import Outcome
from govml.release.checks.resampling import interval, mean

#: With fewer rows in common an interval says nothing.
_FEWEST: Final = 30
_NAME: Final = "comparison"


def shared_rows(known: KnownAnswers, champion: KnownAnswers) -> tuple[list[Known], list[Any]]:
    """Return the rows that both models were tested on, and the champion's answers to them."""
    theirs = {_key(row.instance): row.answer for row in champion.rows if row.answer is not None}
    rows = [row for row in known.rows if _key(row.instance) in theirs]
    return rows, [theirs[_key(row.instance)] for row in rows]


def compare(known: KnownAnswers, answers: Sequence[Any], champion: Sequence[Any], *, against: str) -> Outcome:
    """Compare two models' answers to the same rows.

    It fails where the champion's mean loss is lower beyond the 95 % interval; a difference within it may be chance.

    Args:
        known: rows with their truth.
        answers: the new model's answers.
        champion: the champion's answers.
        against: who the champion is, and how it was asked.
    """
    name = loss_name(known)
    if name is None:
        return Outcome(_NAME, f"not compared with {against}: the rows have no truth")
    costs = [
        (loss(row, new, name, known.positive), loss(row, old, name, known.positive))
        for row, new, old in zip(known.rows, answers, champion, strict=True)
    ]
    pairs = [(new, old) for new, old in costs if new is not None and old is not None]
    if len(pairs) < _FEWEST:
        return Outcome(_NAME, f"not compared with {against}: only {len(pairs)} rows have a truth and both answers")
    gains = [old - new for new, old in pairs]
    ends = interval(gains, mean)
    ours, theirs = mean([new for new, _ in pairs]), mean([old for _, old in pairs])
    figures = {
        "against": against,
        "loss": name,
        "rows": len(pairs),
        "mean_loss": ours,
        "champion_mean_loss": theirs,
        "gain": mean(gains),
        "lower": ends.lower,
        "upper": ends.upper,
    }
    words = f"mean {name} {ours:.6g} against {theirs:.6g} of {against} on {len(pairs)} rows"
    span = f"gain {ends.lower:.4g} to {ends.upper:.4g} (95 %)"
    failures = (f"the champion is better: {words}, {span}",) if ends.upper < 0 else ()
    verdict = "better" if ends.lower > 0 else "worse" if failures else "the difference may be chance"
    return Outcome(_NAME, f"{words}, {span}: {verdict}", failures, figures)


def _key(instance: Mapping[str, Any]) -> str:
    return json.dumps(instance, sort_keys=True, ensure_ascii=False)
