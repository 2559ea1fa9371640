"""How the model behaves: what decides, what disturbs it, and what tests say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from govml.release.bundle.html import Html, badge, element, join, number, percent, table
from govml.release.bundle.version import Version

_MOST_FEATURES = 15


def behaviour(new: Version, champion: Version | None) -> Html:
    """Return explanation, robustness and model tests."""
    features = new.listed("explanation", "features")
    theirs = champion.listed("explanation", "features") if champion else []
    places = {str(each.get("feature")): at for at, each in enumerate(theirs, start=1)}
    rows = [
        (
            each.get("feature"),
            join((_bar(each.get("share")), f" {number(percent(each.get('share')))} %")),
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


def _bar(share: Any) -> Html:
    width = max(0.0, min(1.0, float(share))) * 9 if isinstance(share, int | float) else 0.0
    return element("span", Html(""), css="bar", style=f"width: {width:.2f}rem")


def _filled(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(Html("") if cell == "" else cell for cell in row)
