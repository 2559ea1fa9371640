"""The approval bundle: what it shows and points at, that it is whole in itself, and that no report can break it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from copy import deepcopy
from html.parser import HTMLParser
from typing import Any

import pytest
from bundle_versions import REPORTS, champion, version
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws
from release_places import DIGEST, place, register, tell

from govml.release.bundle.findings import findings
from govml.release.bundle.make import live_version, make_bundle
from govml.release.bundle.metrics import evaluation_rows
from govml.release.bundle.page import Subject, page
from govml.release.bundle.version import SHOWN, Version
from govml.release.entry import FIRST, Entry, Evidence
from govml.release.promotion.place import Place

HOSTILE = "</style></td>'\"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"


class Reading(HTMLParser):
    """Reads a page back: its tags, the addresses that it names, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data


def read(html: str) -> Reading:
    found = Reading(html)
    assert not found.open  # every element is closed, and in its order
    return found


def subject(new: Version | None = None, former: Version | None = None, **more: Any) -> Subject:
    return Subject("hdb_resale", "dev", new or version(), former, **more)


def said(new: Version, former: Version | None = None) -> dict[str, str]:
    return {each.words: each.kind for each in findings(new, former)}


def test_both_values_their_intervals_and_the_difference_are_shown() -> None:
    text = read(page(subject(former=champion()))).text
    assert "4.1 (3.9 to 4.3)4.5 (4.35 to 4.7)\u22120.4better" in text
    assert "0.96 (0.95 to 0.97)0.97 (0.96 to 0.98)\u22120.01worse, may be chance" in text
    assert "8.9 % lower (95 % interval 3.1 to 14.2)" in text


def test_nothing_is_claimed_of_a_metric_whose_better_way_nobody_knows() -> None:
    new, former = version(), champion()
    for each, value in ((new, 1.0), (former, 2.0)):
        each.reports["evaluation"]["regression_metrics"]["oddity"] = {"value": value}  # type: ignore[index]
    rows = {row.name: row for row in evaluation_rows(new, former)}
    assert (rows["oddity"].difference, rows["oddity"].trend) == (-1.0, "unknown")


def test_what_changed_is_named() -> None:
    text = read(page(subject(former=champion()))).text
    assert "max_depth53changed" in text
    assert "code (SHA-256)" + "c" * 64 + "b" * 64 + "changed" in text
    found = said(version(), champion())
    assert found["other hyperparameters: max_depth"] == "look"
    assert found["the code is not the champion's: read what was changed"] == "look"
    assert found["features: 1 are new, 0 are gone"] == "look"
    assert found["schema: town: new column"] == "look"
    assert found["10 of 5,000 delivered rows broke the contract and were set aside"] == "look"


def change(path: str, value: Any) -> Version:
    reports = deepcopy(REPORTS)
    *parents, last = path.split("/")
    place: Any = reports
    for each in parents:
        place = place[int(each)] if each.isdigit() else place[each]
    place[last] = value
    return version(reports=reports)


@pytest.mark.parametrize(
    ("path", "value", "words", "kind"),
    [
        ("assessment/criteria/0/met", False, "acceptance criteria are missed: mape", "bad"),
        ("assessment/criteria/0/limit", 99.0, "acceptance criteria are not those of the champion: mape", "look"),
        ("model_tests/tests/0/passed", False, "model tests fail: larger_costs_more", "bad"),
        ("robustness/determinism/deterministic", False, "the same rows get different answers", "bad"),
        ("metadata/training/months/last", "2023-01", "it is trained on older data (2023-01) than the champion", "bad"),
        ("evaluation/champion/upper", -1.0, "mean absolute percentage error on the same rows: 8.9 % lower", "look"),
        ("evaluation/champion/model_version", "0" * 16, "while feedc0de00000001 is live", "look"),
        ("evaluation/champion/compared", False, "not compared with a champion on the same rows", "look"),
        ("evaluation/champion/present", False, "not on the same ones", "look"),
        ("evaluation/regression_metrics/mape/lower", 4.9, "worse than the champion", "look"),
        ("fairness/declared", False, "no groups are declared", "look"),
        ("fairness/groups/town/findings", ["the gap is large"], "town: the gap is large", "look"),
        ("validation/warnings", ["stale"], "data: stale", "look"),
        ("model_card/intended_uses", {"purpose_of_model": "Not stated: ..."}, "does not state what the model", "look"),
        ("ai_verify/counts", {"partly": 2, "unanswered": 3}, "5 AI Verify process checks", "look"),
    ],
)
def test_an_approver_is_told_what_to_look_at(path: str, value: Any, words: str, kind: str) -> None:
    matching = [each for each in findings(change(path, value), champion()) if words in each.words]
    assert matching, [each.words for each in findings(change(path, value), champion())]
    assert path == "evaluation/champion/upper" or matching[0].kind == kind
    before = [each for each in findings(version(), champion()) if words in each.words and each.kind == kind]
    assert not before or path.startswith("evaluation")


def test_what_speaks_against_comes_first() -> None:
    kinds = [each.kind for each in findings(change("assessment/criteria/0/met", False), champion())]
    assert kinds == sorted(kinds, key=["bad", "look", "good"].index)
    assert "1 against" in page(subject(change("assessment/criteria/0/met", False), champion()))


def test_without_a_champion_the_page_says_so() -> None:
    text = read(page(subject())).text
    assert "no other model was live" in text
    assert "difference" not in text


@pytest.mark.parametrize("report", SHOWN)
def test_a_report_that_is_missing_is_said_to_be(report: str) -> None:
    new = version(reports={name: content for name, content in REPORTS.items() if name != report})
    assert said(new)[f"reports are missing or unreadable: {report}"] == "bad"
    read(page(subject(new, champion())))


def test_sign_offs_and_the_ledger_s_entries_are_shown() -> None:
    entry = Entry(
        1, FIRST, "2026-11-28T01:00:00Z", "signed-off", "hdb-resale", "dev", 2, who="lim",
        evidence=(Evidence("consumer:Valuers"),),
    )  # fmt: skip
    text = read(page(subject(told=[entry], consumers=("Valuers", "Planners")))).text
    assert "Valuerssigned off" in text
    assert "Plannerswaiting" in text
    assert "lim" in text


def test_the_page_needs_nothing_else_and_runs_nothing() -> None:
    html = page(subject(former=champion()))
    found = read(html)
    assert not {"script", "link", "img", "iframe", "object", "base", "form", "svg"} & set(found.tags)
    addresses = [value or "" for name, value in found.attributes if name in ("href", "src", "action")]
    assert all(each.startswith("#") for each in addresses)
    targets = {value for name, value in found.attributes if name == "id"}
    assert {each[1:] for each in addresses} <= targets
    assert "url(" not in html and "@import" not in html
    assert "default-src 'none'" in html


def poisoned(value: Any) -> Any:
    """Every text and every key of a report ends in markup."""
    if isinstance(value, dict):
        return {key: poisoned(each) for key, each in value.items()} | {HOSTILE: HOSTILE}
    if isinstance(value, list):
        return [poisoned(each) for each in value]
    return f"{value}{HOSTILE}" if isinstance(value, str) else value


def test_markup_in_reports_metadata_and_ledger_stays_text() -> None:
    clean = read(page(subject(former=champion())))
    new = version(reports=poisoned(deepcopy(REPORTS)))
    new = Version(**{**vars(new), "trained_by": HOSTILE, "image": HOSTILE, "notes": {HOSTILE: HOSTILE}})
    entry = Entry(1, FIRST, HOSTILE, "approved", "x", HOSTILE, 2, who=HOSTILE, why=HOSTILE)
    found = read(page(Subject(HOSTILE, HOSTILE, new, champion(), [entry], (HOSTILE,))))
    assert set(found.tags) <= set(clean.tags)
    assert {name for name, _ in found.attributes} <= {name for name, _ in clean.attributes}
    assert found.text.count("<script>alert(1)</script>") > 20


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a report, as keys from the outside in."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from nodes(each, (*path, key))


@settings(max_examples=60, deadline=None)
@given(path=st.sampled_from(list(nodes(REPORTS))), value=JSON)
def test_no_report_however_odd_keeps_the_page_from_being_made(path: tuple[Any, ...], value: Any) -> None:
    reports = deepcopy(REPORTS)
    place: Any = reports
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value if len(path) > 1 or isinstance(value, dict) else {}
    read(page(subject(version(reports=reports), champion())))
    read(page(subject(version(), version(1, reports))))


def test_the_same_input_gives_the_same_bytes() -> None:
    assert page(subject(former=champion())) == page(subject(former=champion()))


@pytest.fixture
def dev() -> Iterator[Place]:
    with mock_aws():
        yield place("dev")


def test_it_is_made_from_the_registry_the_reports_and_the_ledger(dev: Place) -> None:
    tell(dev, "deployed", register(dev))
    number = register(dev, model=b"another model")
    for name, content in REPORTS.items():
        digest = "hdb-resale/released/" + hashlib.sha256(b"another model").hexdigest()
        dev.s3.put_object(
            Bucket="artifacts-dev", Key=f"{digest}/reports/{name}.json", Body=json.dumps(content).encode()
        )
    html = make_bundle(
        dev.sagemaker,
        dev.s3,
        package_arn=dev.package_arn(number),
        use_case="hdb_resale",
        environment="dev",
        entries=dev.ledger().entries(),
    )
    text = read(html).text
    assert "Approval of hdb_resale, version 2" in text
    assert "champion" + "version 1, registered" in text
    assert "4.1 (3.9 to 4.3)" in text
    assert DIGEST not in text  # that is the champion's archive


def test_a_version_that_is_live_is_held_against_the_one_before_it() -> None:
    told = [Entry(n, FIRST, "2026-11-28T01:00:00Z", "deployed", "x", "dev", version) for n, version in ((1, 4), (2, 7))]
    assert (live_version(told), live_version(told, besides=7), live_version(told[:1], besides=4)) == (7, 4, 0)


def test_a_report_that_is_no_json_is_missing(dev: Place) -> None:
    number = register(dev)
    dev.s3.put_object(Bucket="artifacts-dev", Key=f"{dev.released(DIGEST)}reports/evaluation.json", Body=b"<html>")
    html = make_bundle(
        dev.sagemaker, dev.s3, package_arn=dev.package_arn(number), use_case="hdb_resale", environment="dev"
    )
    assert "missing or unreadable: metadata, evaluation" in read(html).text
