"""Model card, page and AI Verify evidence, for a use case of every kind."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import jsonschema
import numpy as np
import pytest
from assessed import HOSTILE, KINDS, assessed
from model_card_schema import schema

from govml_pipeline.errors import UserError
from govml_pipeline.files import json_text
from govml_pipeline.model_card.ai_verify import ai_verify, load_checks
from govml_pipeline.model_card.card import LARGEST, model_card, package_card
from govml_pipeline.model_card.evidence import Evidence
from govml_pipeline.model_card.text import CardText
from govml_pipeline.report import plots
from govml_pipeline.report.page import page
from govml_pipeline.report.shown import number
from usecases.hdb_resale.card import CARD as HDB_CARD


@pytest.fixture(scope="module", params=KINDS)
def evidence(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return assessed(request.param, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def regression(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return assessed("regression", tmp_path_factory.mktemp("one"))


def everything(evidence: Evidence) -> dict[str, Any]:
    return {**evidence.documents(), "model_card.json": model_card(evidence), "report.html": True}


def test_every_kind_is_assessed_whole(evidence: Evidence) -> None:
    for name, document in evidence.documents().items():
        assert json.loads(json_text(document)), name  # no NaN, nothing that JSON has not
    assert evidence.assessment["verdict"] == "accepted"
    assert evidence.fairness["groups"]["office"]["measures"]
    assert evidence.explanation["features"][0]["mean_absolute"] > 0
    assert evidence.explanation["additivity"]["holds"] in (True, None)
    assert evidence.model_tests["failed"] == 0
    assert evidence.robustness["measures"]["unanswered"] == 0


def test_the_card_keeps_sagemakers_schema(evidence: Evidence) -> None:
    card = json.loads(json_text(model_card(evidence)))
    jsonschema.validate(card, schema(package=False))
    jsonschema.validate(package_card(card, creator="team"), schema(package=True))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(card, schema(package=True))  # its overview says more than a package takes
    assert len(json_text(card)) < LARGEST
    assert card["additional_information"]["custom_details"]["model_version"] == evidence.metadata["model_version"]


@pytest.mark.sdk
def test_the_card_fits_the_sdks_shapes(regression: Evidence) -> None:
    from sagemaker.core.shapes.model_card_shapes import ModelCardContent

    content = ModelCardContent.model_validate(model_card(regression))
    assert content.evaluation_details[0].name == "Evaluation"


def test_the_card_says_what_people_say(regression: Evidence) -> None:
    card = model_card(replace(regression, use_case=replace(regression.use_case, card=HDB_CARD)))
    jsonschema.validate(json.loads(json_text(card)), schema(package=False))
    assert card["intended_uses"]["risk_rating"] == "Medium"
    assert "Not for: " in card["intended_uses"]["intended_uses"]
    assert model_card(regression)["intended_uses"]["purpose_of_model"].startswith("Not stated")


def test_the_longest_texts_still_fit(regression: Evidence) -> None:
    longest = dict.fromkeys(
        ("purpose", "intended_uses", "not_for", "limits", "risk_reason", "ethics", "choice"), "x" * 2048
    )
    card = CardText(description="x" * 1024, owner="x" * 1024, risk="Low", **longest)
    filled = model_card(replace(regression, use_case=replace(regression.use_case, card=card)))
    jsonschema.validate(json.loads(json_text(filled)), schema(package=False))


def test_a_card_that_the_service_would_refuse_is_the_users_error(regression: Evidence) -> None:
    measures = {f"measure_{position}": 1.0 for position in range(3000)}
    large = {
        **regression.fairness,
        "groups": {"office": {**regression.fairness["groups"]["office"], "measures": measures}},
    }
    with pytest.raises(UserError, match="SageMaker takes 100,000"):
        model_card(replace(regression, fairness=large))


@pytest.mark.parametrize("change", [{"purpose": ""}, {"limits": "x" * 2049}, {"owner": "x" * 1025}, {"risk": "Huge"}])
def test_card_texts_are_checked(change: dict[str, str]) -> None:
    with pytest.raises(UserError, match=f"model card: {next(iter(change))}"):
        replace(HDB_CARD, **change)  # type: ignore[arg-type]


class Reader(HTMLParser):
    """Tags, attributes and texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "rect", "line", "circle", "polyline", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes nothing"


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    assert not reader.open
    return reader


def test_the_page_is_whole_self_contained_and_without_script(evidence: Evidence) -> None:
    text = page(evidence, ai_verify(everything(evidence)))
    reader = read(text)
    tags = {tag for tag, _ in reader.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form"}
    assert not re.search(r"(?i)(src|href)\s*=\s*[\"'](?!#)|url\(|@import|javascript:", text)
    assert not [name for _, attributes in reader.tags for name in attributes if name.startswith("on")]
    assert "nan" not in re.sub(r"[a-z]*nan[a-z]+|[a-z]+nan", "", text)
    assert "None" not in text


def test_hostile_names_are_only_shown(evidence: Evidence) -> None:
    text = page(evidence, ai_verify(everything(evidence)))
    assert HOSTILE not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script" not in text.lower()


def test_the_page_can_be_read_without_seeing_it(evidence: Evidence) -> None:
    reader = read(page(evidence, ai_verify(everything(evidence))))
    plotted = [attributes for tag, attributes in reader.tags if tag == "svg"]
    assert plotted
    assert all(attributes["role"] == "img" and attributes["aria-label"] for attributes in plotted)
    assert all(attributes.get("scope") for tag, attributes in reader.tags if tag == "th")
    headings = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h[1-6]", tag)]
    assert headings[0] == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(headings))
    assert dict(reader.tags)["html"] == {"lang": "en"}


def test_same_evidence_same_bytes(evidence: Evidence) -> None:
    first, second = (page(evidence, ai_verify(everything(evidence))) for _ in range(2))
    assert first == second


def test_plots_of_one_point_of_nothing_and_of_negative_values() -> None:
    read(plots.bars("one", ["a"], [0.0]))
    read(plots.bars("below", ["a", "b"], [-2.0, 1.0], intervals=[[-3.0, -1.0], None], reference=0.5))
    read(plots.line("one", ["a"], [5.0]))
    read(plots.line("flat", ["a", "b"], [0.0, 0.0]))
    read(plots.density("constant", np.full(3, 7.0), np.full(3, 7.0), ("a", "b")))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "not defined"),
        (True, "yes"),
        (3, "3"),
        (1234567.8, "1,234,568"),
        (0.123456, "0.1235"),
        (2.0, "2"),
        ("a", "a"),
    ],
)
def test_numbers_as_people_read_them(value: Any, text: str) -> None:
    assert number(value) == text


def test_the_checklist_claims_nothing_that_is_not_there(regression: Evidence) -> None:
    documents = everything(regression)
    for check in ai_verify(documents)["checks"]:
        assert (check["status"] == "unanswered") == (not check["evidence"])
        assert (check["status"] == "answered") == ("needs" not in check)
        for item in check["evidence"]:
            value: Any = documents[item["file"]]
            for key in filter(None, item["key"].split(".")):
                value = value[key]
            assert value


@pytest.mark.parametrize(
    "file", ["validation.json", "fairness.json", "robustness.json", "explanation.json", "metadata.json"]
)
def test_evidence_that_is_gone_answers_nothing(regression: Evidence, file: str) -> None:
    documents = everything(regression)
    answered = {check["id"] for check in ai_verify(documents)["checks"] if check["evidence"]}
    using = {check["id"] for check in load_checks() if any(place.startswith(f"{file}#") for place in check["evidence"])}
    without = ai_verify({name: value for name, value in documents.items() if name != file})["checks"]
    lost = answered & using
    assert lost
    assert all(check["status"] == "unanswered" and file in check["needs"] for check in without if check["id"] in lost)


def test_a_model_that_is_not_deterministic_is_no_evidence(regression: Evidence) -> None:
    robustness = {**regression.robustness, "determinism": {"deterministic": False}}
    documents = {**everything(regression), "robustness.json": robustness}
    (check,) = [check for check in ai_verify(documents)["checks"] if check["id"] == "3.8.1"]
    assert check["status"] == "unanswered"


def test_a_card_without_text_answers_no_question_about_use(regression: Evidence) -> None:
    def status(evidence: Evidence) -> str:
        return next(check["status"] for check in ai_verify(everything(evidence))["checks"] if check["id"] == "4.2.1")

    assert status(regression) == "unanswered"
    assert status(replace(regression, use_case=replace(regression.use_case, card=HDB_CARD))) == "answered"


def test_checks_are_declared_once_each_and_whole() -> None:
    checks = load_checks()
    assert len({check["id"] for check in checks}) == len(checks) == 46
    for check in checks:
        assert check["asks"].endswith("?")
        if check.get("covers") != "whole":
            assert check["needs"], check["id"]
