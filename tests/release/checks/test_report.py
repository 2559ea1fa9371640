"""All checks of a candidate together, their report and what the ledger tells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from checked_models import MODEL, PLAN, Runtime, answering, refused, rows
from moto import mock_aws
from release_places import DIGEST, IMAGE, place

from govml.errors import UserError
from govml.release.checks.asking import Endpoint
from govml.release.checks.candidate import Candidate, candidate_of
from govml.release.checks.evidence import keep
from govml.release.checks.known_answers import Known, KnownAnswers
from govml.release.checks.outcome import Outcome
from govml.release.checks.run import Checks, check
from govml.release.entry import FIRST, Entry
from govml.release.promotion.place import Place
from govml.release.state import Serving, Variant
from govml.release.verdict import passed


def entry(action: Any, version: int, digest: str) -> Entry:
    return Entry(1, FIRST, "2026-11-28T00:00:00Z", action, "x", "uat", version, digest)


def test_the_challenger_is_tested_against_the_live_model() -> None:
    live = Variant(1, "1" * 64, IMAGE, "s3://a/1")
    found = candidate_of(Serving(live, MODEL), [], shadow=False)
    assert (found.model, found.asked, found.beside) == (MODEL, "challenger", live)
    with pytest.raises(UserError, match="shadow variant"):
        candidate_of(Serving(live, MODEL), [], shadow=True)


def test_a_live_model_is_tested_against_the_one_before_it() -> None:
    told = [entry("deployed", 1, "1" * 64), entry("deployed", 2, DIGEST)]
    assert candidate_of(Serving(MODEL), told, shadow=False).former == told[0]
    assert candidate_of(Serving(MODEL), told[1:], shadow=False).former is None
    with pytest.raises(UserError, match="no version of the registry is served"):
        candidate_of(Serving(), told, shadow=False)


def checked(runtime: Runtime, subject: Candidate, **more: Any) -> list[Outcome]:
    made = Checks(subject, rows(), more.get("champion"), {"mape": {"max": 6.0}}, PLAN)
    return check(made, lambda variant: Endpoint(runtime, "e", variant))


def states(outcomes: Sequence[Outcome]) -> dict[str, bool]:
    return {each.name: each.passed for each in outcomes}


def test_a_sound_challenger_passes_all_checks() -> None:
    worse = KnownAnswers("regression", [Known(row.instance, row.truth * 1.2, row.truth) for row in rows().rows])
    runtime = Runtime(challenger=answering(rows()), live=answering(worse, "0" * 16))
    found = checked(runtime, Candidate(MODEL, "challenger", beside=MODEL))
    assert states(found) == {"validation": True, "comparison": True, "load": True}
    assert "better" in found[1].summary


def test_a_champion_s_own_known_answers_stand_in_for_it() -> None:
    better = KnownAnswers("regression", [Known(row.instance, row.truth, row.truth) for row in rows().rows])
    found = checked(
        Runtime(live=answering(rows())), Candidate(MODEL, former=entry("deployed", 1, "1" * 64)), champion=better
    )
    assert states(found) == {"validation": True, "comparison": False, "load": True}
    assert "version 1, by what it answered when it was tested" in found[1].failures[0]


def test_without_a_champion_there_is_nothing_to_compare() -> None:
    found = checked(Runtime(live=answering(rows())), Candidate(MODEL))
    assert states(found) == {"validation": True, "comparison": True, "load": True}


def test_an_endpoint_that_does_not_answer_fails_and_is_not_loaded() -> None:
    runtime = Runtime(live=lambda _: refused("ModelError"))
    assert states(checked(runtime, Candidate(MODEL))) == {"validation": False}
    assert runtime.calls == 1


@pytest.fixture
def uat() -> Iterator[Place]:
    with mock_aws():
        yield place("uat")


@pytest.mark.parametrize("sound", [True, False])
def test_the_report_is_evidence_and_the_ledger_tells_the_verdict(uat: Place, sound: bool) -> None:
    outcomes = [Outcome("validation", "all is well"), Outcome("load", "slow", () if sound else ("99 % take 2 s",))]
    now = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
    written = keep(uat, MODEL, outcomes, endpoint="e", who="ci", now=now)
    (stands,) = uat.ledger().verify()
    assert stands == written
    assert (stands.action, stands.model_digest, stands.version, passed(stands)) == ("tested", DIGEST, 2, sound)
    assert stands.why == ("all is well; slow" if sound else "99 % take 2 s")
    report = stands.evidence[0]
    key = report.uri.removeprefix(f"s3://{uat.evidence}/")
    content = uat.s3.get_object(Bucket=uat.evidence, Key=key)["Body"].read()
    assert key.startswith(f"checks/hdb-resale/{DIGEST}/20261128T100000Z-")
    assert hashlib.sha256(content).hexdigest() == report.sha256
    assert json.loads(content)["verdict"] == ("passed" if sound else "failed")
