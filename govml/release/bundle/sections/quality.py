"""How good the model is: its metrics, the criteria it had to meet, and how it treats groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from govml.release.bundle.html import DASH, Html, badge, element, join, number, percent, table
from govml.release.bundle.metrics import evaluation_rows, flat_rows, known
from govml.release.bundle.tables import metric_table
from govml.release.bundle.version import Version


def metrics(new: Version, champion: Version | None) -> Html:
    """Return the evaluation of both, and the comparison on the same rows."""
    pair = new.part("evaluation", "champion")
    said = Html("")
    if pair.get("compared"):
        said = element(
            "p",
            f"On the same {number(pair.get('rows'))} test rows, the mean {pair.get('loss')} is {number(pair.get('challenger'))} "
            f"against {number(pair.get('champion'))} of {pair.get('model_version')}: {number(pair.get('improvement_percent'))} % "
            f"lower (95 % interval {number(pair.get('lower'))} to {number(pair.get('upper'))}), lower in "
            f"{number(percent(pair.get('win_confidence')))} % of the draws of whole months.",
            css="box",
        )
    rows = evaluation_rows(new, champion)
    return join(
        (
            said,
            metric_table(
                rows, compared=champion is not None, caption="Each on its own test months; intervals are 95 %."
            ),
            metric_table(
                flat_rows(new.at("operational"), champion.at("operational") if champion else None),
                compared=champion is not None,
                caption="Operation, measured on the machine that assessed the model",
            ),
        )
    )


def criteria(new: Version, champion: Version | None) -> Html:
    """Return the acceptance criteria, written down before the model was built, with both models' values."""
    rows = [
        (
            each.get("metric"),
            f"at {'most' if each.get('bound') == 'max' else 'least'} {number(each.get('limit'))}",
            number(each.get("value")),
            number(known(champion, str(each.get("metric")))) if champion else DASH,
            badge("good", "met") if each.get("met") is True else badge("bad", "missed"),
        )
        for each in new.listed("assessment", "criteria")
    ]
    said = element("p", new.at("assessment", "reason")) if new.at("assessment", "reason") else Html("")
    return join((said, table(("metric", "limit", "this model", "champion", "verdict"), rows, numbers=(2, 3))))


def fairness(new: Version, champion: Version | None) -> Html:
    """Return the measures of each declared column of groups, and the groups themselves."""
    parts: list[Html] = [element("p", new.at("fairness", "applies"), css="quiet")]
    for column, group in new.parts("fairness", "groups"):
        theirs = champion.at("fairness", "groups", column, "measures") if champion else None
        parts += [
            element("h3", column),
            metric_table(flat_rows(group.get("measures"), theirs), compared=bool(champion), caption="Measures"),
        ]
        values = group["values"] if isinstance(group.get("values"), Mapping) else {}
        names = [name for name in _first(values) if name not in ("intervals", "few", "share", "n")]
        rows = [
            (
                join((name, element("small", " few rows") if each.get("few") else Html(""))),
                number(each.get("n")),
                *(number(each.get(metric)) for metric in names),
            )
            for name, each in values.items()
            if isinstance(each, Mapping)
        ]
        parts.append(table(("group", "rows", *names), rows, numbers=range(1, len(names) + 2)))
    return join(parts)


def _first(values: Mapping[str, Any]) -> list[str]:
    first = next((each for each in values.values() if isinstance(each, Mapping)), {})
    return [name for name, value in first.items() if not isinstance(value, Mapping)]
