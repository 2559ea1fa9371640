"""The page's sections: each takes the new version and the champion, and returns HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from govml.release.bundle.changes import column_changes, feature_changes, origin_changes, parameter_changes
from govml.release.bundle.html import DASH, Html, badge, element, join, number, table
from govml.release.bundle.metrics import evaluation_rows, flat_rows, known
from govml.release.bundle.tables import change_table, code, metric_table, pairs
from govml.release.bundle.version import Version

_MOST_FEATURES = 15
_STATES = {"answered": "good", "partly": "look", "unanswered": "bad"}


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
            f"{number(_percent(pair.get('win_confidence')))} % of the draws of whole months.",
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


def behaviour(new: Version, champion: Version | None) -> Html:
    """Return explanation, robustness and model tests."""
    features = new.listed("explanation", "features")
    theirs = champion.listed("explanation", "features") if champion else []
    places = {str(each.get("feature")): at for at, each in enumerate(theirs, start=1)}
    rows = [
        (
            each.get("feature"),
            join((_bar(each.get("share")), f" {number(_percent(each.get('share')))} %")),
            places.get(str(each.get("feature"))),
            each.get("meaning"),
        )
        for each in features[:_MOST_FEATURES]
    ]
    tests = [
        (each.get("name"), badge("good", "passed") if each.get("passed") else badge("bad", "failed"), each.get("why"))
        for each in new.listed("model_tests", "tests")
    ]
    disturbed = new.part("robustness", "perturbations")
    changed = [
        (each.get("what"), number(each.get("prediction_change")), number(each.get("error_change")))
        for each in disturbed.values()
        if isinstance(each, Mapping)
    ]
    return join(
        (
            table(
                ("feature", "share of the effect", "place with the champion", "meaning"),
                rows,
                numbers=(2,),
                caption=f"What decides: {new.at('explanation', 'method') or 'not explained'}",
            ),
            table(("test", "result", "why"), [_filled(row) for row in tests], caption="Model tests"),
            table(
                (
                    "what was done to every row",
                    "change of prediction, %",
                    f"change of {new.at('robustness', 'error') or 'error'}",
                ),
                changed,
                numbers=(1, 2),
                caption="Robustness",
            ),
        )
    )


def data(new: Version, champion: Version | None) -> Html:
    """Return the data report, and what changed in the schema."""
    dataset = new.part("validation", "dataset")
    reasons = [
        (each.get("column"), each.get("reason"), number(each.get("rows") or each.get("count")))
        for each in new.listed("validation", "quarantine", "by_reason")
    ]
    columns = [
        (
            name,
            number(each.get("missing")),
            number(each.get("distinct")),
            each.get("minimum"),
            each.get("maximum"),
        )
        for name, each in new.parts("validation", "columns")
        if isinstance(each, Mapping)
    ]
    changes = column_changes(new, champion)
    schema = (
        element("ul", *(element("li", each) for each in changes))
        if changes
        else element(
            "p",
            "The columns are those of the champion's data." if champion else "There is no champion to compare with.",
            css="quiet",
        )
    )
    return join(
        (
            pairs(
                [
                    ("dataset", dataset.get("title")),
                    ("notice", dataset.get("notice")),
                    ("months", f"{dataset.get('first_month')} to {dataset.get('last_month')}"),
                    (
                        "rows",
                        f"{number(dataset.get('rows_read'))} read, {number(dataset.get('rows_accepted'))} accepted, "
                        f"{number(dataset.get('rows_quarantined'))} set aside",
                    ),
                ]
            ),
            table(("column", "reason", "rows"), reasons, numbers=(2,), caption="Rows that were set aside"),
            element("h3", "Schema against the champion"),
            schema,
            table(("column", "missing", "distinct", "smallest", "largest"), columns, numbers=(1, 2), caption="Columns"),
        )
    )


def changes(new: Version, champion: Version | None) -> Html:
    """Return what differs in how the two were made."""
    added, gone = feature_changes(new, champion)
    features = (
        [("new features", ", ".join(added) or "none"), ("features that are gone", ", ".join(gone) or "none")]
        if champion
        else []
    )
    compared = champion is not None
    return join(
        (
            change_table(origin_changes(new, champion), compared=compared, caption="Code and data"),
            change_table(parameter_changes(new, champion), compared=compared, caption="Hyperparameters"),
            pairs(features) if features else Html(""),
        )
    )


def lineage(new: Version, _: Version | None) -> Html:
    """Return every identifier that leads back to data, code and run."""
    told = ("UseCase", "Verdict", "HeadlineMetric", "HeadlineValue")
    return pairs(
        [
            ("model package", code(new.arn)),
            ("model archive", code(new.model_data)),
            ("model version", code(new.model_version)),
            ("container image", code(new.image)),
            ("code archive", code(new.at("metadata", "code", "archive"))),
            ("code, SHA-256", code(new.at("metadata", "code", "sha256"))),
            ("data, SHA-256", code(new.at("validation", "dataset", "sha256"))),
            *((name, code(value)) for name, value in sorted(new.notes.items()) if name not in told),
            ("reports that are missing", ", ".join(new.missing) or "none"),
        ]
    )


def card(new: Version, _: Version | None) -> Html:
    """Return the model card's text."""
    parts = []
    for part in ("model_overview", "business_details", "intended_uses", "training_details", "additional_information"):
        content = new.part("model_card", part)
        said = [(str(name).replace("_", " "), value) for name, value in content.items() if isinstance(value, str)]
        if said:
            parts += [element("h3", part.replace("_", " ")), pairs(said)]
    return join(parts) or element("p", "There is no model card.", css="quiet")


def ai_verify(new: Version, _: Version | None) -> Html:
    """Return the process checks of AI Verify with what evidence answers."""
    rows = [
        (
            each.get("id"),
            each.get("asks"),
            badge(_STATES.get(str(each.get("status")), "look"), str(each.get("status"))),
            each.get("needs") or Html(""),
        )
        for each in new.listed("ai_verify", "checks")
    ]
    return table(("check", "question", "evidence", "what people must add"), rows)


def _percent(share: Any) -> Any:
    return share * 100 if isinstance(share, int | float) else share


def _bar(share: Any) -> Html:
    width = max(0.0, min(1.0, float(share))) * 9 if isinstance(share, int | float) else 0.0
    return element("span", Html(""), css="bar", style=f"width: {width:.2f}rem")


def _filled(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(Html("") if cell == "" else cell for cell in row)


def _first(values: Mapping[str, Any]) -> list[str]:
    first = next((each for each in values.values() if isinstance(each, Mapping)), {})
    return [name for name, value in first.items() if not isinstance(value, Mapping)]
