"""What the model was made of: its data, what differs from the champion, and every identifier."""

from __future__ import annotations

from collections.abc import Mapping

from govml.release.bundle.changes import column_changes, feature_changes, origin_changes, parameter_changes
from govml.release.bundle.html import Html, element, join, number, table
from govml.release.bundle.tables import change_table, code, pairs
from govml.release.bundle.version import Version


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
