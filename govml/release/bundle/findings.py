"""What an approver should look at before deciding: found in the reports, the most serious first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from govml.release.bundle.changes import column_changes, feature_changes, origin_changes, parameter_changes
from govml.release.bundle.html import number
from govml.release.bundle.metrics import evaluation_rows
from govml.release.bundle.version import Version

Kind = Literal["bad", "look", "good"]
_ORDER: dict[Kind, int] = {"bad": 0, "look": 1, "good": 2}
_UNSAID = "Not stated"


@dataclass(frozen=True)
class Finding:
    """One thing to look at.

    Args:
        kind: `bad` (a reason against approval), `look` (a person must weigh it) or `good` (checked, nothing found).
        words: what was found.
        section: id of the page's section that shows it.
    """

    kind: Kind
    words: str
    section: str


def findings(new: Version, champion: Version | None) -> list[Finding]:
    """Return what was found, the most serious first."""
    found = [
        *_reports(new),
        *_criteria(new),
        *_moved_criteria(new, champion),
        *_against_champion(new, champion),
        *_fairness(new),
        *_tests(new),
        *_data(new, champion),
        *_origin(new, champion),
        *_documents(new),
    ]
    return sorted(found, key=lambda each: _ORDER[each.kind])


def _reports(new: Version) -> Iterator[Finding]:
    if new.missing:
        yield Finding("bad", f"reports are missing or unreadable: {', '.join(new.missing)}", "lineage")


def _criteria(new: Version) -> Iterator[Finding]:
    criteria = new.listed("assessment", "criteria")
    missed = [str(each.get("metric")) for each in criteria if each.get("met") is not True]
    if missed:
        yield Finding("bad", f"acceptance criteria are missed: {', '.join(missed)}", "criteria")
    elif criteria:
        yield Finding("good", f"all {len(criteria)} acceptance criteria are met", "criteria")


def _moved_criteria(new: Version, champion: Version | None) -> Iterator[Finding]:
    """Limits are a parameter of the pipeline: whoever starts a run can loosen them, so a difference is said."""
    if champion is None:
        return
    now, before = _limits(new), _limits(champion)
    moved = sorted(metric for metric in now.keys() | before.keys() if now.get(metric) != before.get(metric))
    if moved:
        words = f"acceptance criteria are not those of the champion: {', '.join(moved)}; compare the agency file"
        yield Finding("look", words, "criteria")


def _limits(version: Version) -> dict[str, tuple[object, object]]:
    """Return metric -> bound and limit."""
    criteria = version.listed("assessment", "criteria")
    return {str(each.get("metric")): (each.get("bound"), each.get("limit")) for each in criteria}


def _against_champion(new: Version, champion: Version | None) -> Iterator[Finding]:
    if champion is None:
        yield Finding("look", "no other model was live: there is nothing to compare with", "metrics")
        return
    worse = [row.name for row in evaluation_rows(new, champion) if row.trend == "worse"]
    sure = [row.name for row in evaluation_rows(new, champion) if row.trend == "worse" and row.apart]
    if sure:
        yield Finding("bad", f"worse than the champion beyond the intervals: {', '.join(sure)}", "metrics")
    elif worse:
        yield Finding("look", f"worse than the champion, within the intervals: {', '.join(worse)}", "metrics")
    yield from _paired(new, champion)


def _paired(new: Version, champion: Version) -> Iterator[Finding]:
    pair = new.part("evaluation", "champion")
    if not pair.get("present"):
        yield Finding("look", "the two were measured on their own test rows, not on the same ones", "metrics")
        return
    if not pair.get("compared"):
        yield Finding("look", f"not compared with a champion on the same rows: {pair.get('reason')}", "metrics")
        return
    if champion.model_version and pair.get("model_version") != champion.model_version:
        words = f"compared on the same rows with {pair.get('model_version')}, while {champion.model_version} is live"
        yield Finding("look", words, "metrics")
    lower, upper, change = (pair.get(name) for name in ("lower", "upper", "improvement_percent"))
    loss = f"mean {pair.get('loss')} on the same rows: {number(change)} % lower"
    if not isinstance(lower, int | float) or not isinstance(upper, int | float):
        yield Finding("look", f"{loss}, with too few months for an interval", "metrics")
        return
    interval = f"{loss} (95 % interval {number(lower)} to {number(upper)})"
    kind: Kind = "good" if lower > 0 else "bad" if upper < 0 else "look"
    yield Finding(kind, interval if kind != "look" else f"{interval}, which may be chance", "metrics")


def _fairness(new: Version) -> Iterator[Finding]:
    if new.at("fairness") is not None and not new.at("fairness", "declared"):
        yield Finding("look", "no groups are declared among which the model has to be fair", "fairness")
    for column, group in new.parts("fairness", "groups"):
        for said in _texts(group.get("findings")):
            yield Finding("look", f"{column}: {said}", "fairness")


def _tests(new: Version) -> Iterator[Finding]:
    failed = [str(each.get("name")) for each in new.listed("model_tests", "tests") if not each.get("passed")]
    if failed:
        yield Finding("bad", f"model tests fail: {', '.join(failed)}", "behaviour")
    if new.at("robustness", "determinism", "deterministic") is False:
        yield Finding("bad", "the same rows get different answers", "behaviour")


def _data(new: Version, champion: Version | None) -> Iterator[Finding]:
    dataset = new.part("validation", "dataset")
    set_aside, read = dataset.get("rows_quarantined") or 0, dataset.get("rows_read")
    if set_aside:
        words = f"{number(set_aside)} of {number(read)} delivered rows broke the contract and were set aside"
        yield Finding("look", words, "data")
    for said in _texts(new.at("validation", "warnings")):
        yield Finding("look", f"data: {said}", "data")
    for said in column_changes(new, champion):
        yield Finding("look", f"schema: {said}", "data")


def _origin(new: Version, champion: Version | None) -> Iterator[Finding]:
    if champion is None:
        return
    changes = {change.name: change for change in origin_changes(new, champion)}
    if not changes["code (SHA-256)"].same:
        yield Finding("look", "the code is not the champion's: read what was changed", "changes")
    if not changes["data contract, version"].same:
        yield Finding("look", "the data contract has another version", "changes")
    last = changes["last month of training"]
    if isinstance(last.value, str) and isinstance(last.former, str) and last.value < last.former:
        yield Finding("bad", f"it is trained on older data ({last.value}) than the champion ({last.former})", "changes")
    changed = [change.name for change in parameter_changes(new, champion) if not change.same]
    if changed:
        yield Finding("look", f"other hyperparameters: {', '.join(changed)}", "changes")
    added, gone = feature_changes(new, champion)
    if added or gone:
        yield Finding("look", f"features: {len(added)} are new, {len(gone)} are gone", "changes")


def _documents(new: Version) -> Iterator[Finding]:
    if _UNSAID in str(new.at("model_card", "intended_uses") or ""):
        yield Finding("look", "the model card does not state what the model is for", "card")
    counts = new.part("ai_verify", "counts")
    open_checks = sum(each for name in ("partly", "unanswered") if isinstance(each := counts.get(name), int))
    if open_checks:
        words = f"{open_checks} AI Verify process checks are not answered by evidence: people must answer them"
        yield Finding("look", words, "ai-verify")


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
