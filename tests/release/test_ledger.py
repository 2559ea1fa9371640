"""The ledger: written once, in order, by any number of writers, and no change goes unseen."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from govml.release.entry import ACTIONS, FIRST, Entry, EntryError, Evidence, read_entry
from govml.release.ledger import Ledger, LedgerError

EVIDENCE = "evidence-of-the-agency"
DIGEST = "ab" * 32


def ledger(s3: Any, slug: str = "hdb-resale") -> Ledger:
    return Ledger(s3, EVIDENCE, slug, now=lambda: datetime(2026, 11, 28, 9, 30, tzinfo=UTC))


def overwrite(s3: Any, place: int, content: bytes) -> None:
    s3.put_object(Bucket=EVIDENCE, Key=ledger(s3).key(place), Body=content)


def test_entries_come_back_as_they_were_written(s3: Any) -> None:
    report = Evidence(uri="s3://evidence/report.json", sha256=DIGEST)
    written = ledger(s3).append(
        "tested", environment="uat", version=3, model_digest=DIGEST, image=f"repo@sha256:{DIGEST}", who="release",
        why="all checks passed", evidence=[report],
    )  # fmt: skip
    assert written is not None
    assert ledger(s3).entries() == (written,)
    assert (written.sequence, written.previous, written.at) == (1, FIRST, "2026-11-28T09:30:00Z")
    stored = s3.get_object(Bucket=EVIDENCE, Key="ledger/hdb-resale/0000000001.json")["Body"].read()
    assert json.loads(stored)["evidence"] == [{"uri": "s3://evidence/report.json", "sha256": DIGEST}]


def test_each_entry_holds_the_digest_of_the_one_before(s3: Any) -> None:
    book = ledger(s3)
    for action in ("approved", "deploying", "deployed"):
        book.append(action, environment="dev", version=1)  # type: ignore[arg-type]
    first, second, third = ledger(s3).verify()
    assert (second.previous, third.previous) == (first.digest, second.digest)


def test_ledgers_of_two_use_cases_do_not_meet(s3: Any) -> None:
    ledger(s3, "hdb-resale").append("frozen", environment="dev")
    ledger(s3, "hdb-resale-2").append("frozen", environment="dev")
    assert len(ledger(s3, "hdb-resale").verify()) == 1


def test_two_writers_get_two_places(s3: Any) -> None:
    one, other = ledger(s3), ledger(s3)
    assert not one.entries()
    assert not other.entries()
    one.append("approved", environment="dev", version=1)
    other.append("approved", environment="dev", version=2)
    assert [(each.sequence, each.version) for each in ledger(s3).verify()] == [(1, 1), (2, 2)]


class Racing:
    """S3 on which another writer takes the next place just before ours is written."""

    def __init__(self, s3: Any, times: int) -> None:
        self._s3, self.times = s3, times

    def put_object(self, **request: Any) -> Any:
        if self.times:
            self.times -= 1
            ledger(self._s3).append("frozen", environment="dev")
        return self._s3.put_object(**request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._s3, name)


def test_a_lost_race_is_run_again(s3: Any) -> None:
    written = ledger(Racing(s3, 3)).append("deployed", environment="dev", version=1)
    assert written is not None
    assert written.sequence == 4
    assert [each.action for each in ledger(s3).verify()] == ["frozen"] * 3 + ["deployed"]


def test_a_race_that_is_always_lost_is_told(s3: Any) -> None:
    with pytest.raises(LedgerError, match="others took the next place"):
        ledger(Racing(s3, 100)).append("deployed", environment="dev")


def test_unless_is_asked_again_after_a_lost_race(s3: Any) -> None:
    book = ledger(Racing(s3, 1))
    assert book.append("frozen", environment="dev", who="two", unless=bool) is None
    assert len(ledger(s3).verify()) == 1


class Unanswered:
    """S3 that takes a write but whose answer is lost once, so that the client sends the same write again."""

    def __init__(self, s3: Any) -> None:
        self._s3, self.lost = s3, False

    def put_object(self, **request: Any) -> Any:
        if not self.lost:
            self.lost = True
            self._s3.put_object(**request)
        return self._s3.put_object(**request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._s3, name)


def test_a_write_whose_answer_was_lost_is_known_as_ours(s3: Any) -> None:
    assert ledger(Unanswered(s3)).append("deployed", environment="dev", version=1) is not None
    assert len(ledger(s3).verify()) == 1


@pytest.mark.parametrize(
    "error", [ReadTimeoutError(endpoint_url="s3"), ClientError({"Error": {"Code": "SlowDown"}}, "x")]
)
def test_other_failures_are_not_hidden(s3: Any, error: Exception) -> None:
    class Failing(Racing):
        def put_object(self, **request: Any) -> Any:
            raise error

    with pytest.raises(type(error)):
        ledger(Failing(s3, 0)).append("deployed", environment="dev")


def three(s3: Any) -> tuple[Entry, ...]:
    book = ledger(s3)
    for version in (1, 2, 3):
        book.append("approved", environment="dev", version=version)
    return book.verify()


def test_a_changed_entry_is_seen(s3: Any) -> None:
    entries = three(s3)
    overwrite(s3, 2, entries[1].as_bytes().replace(b'"version":2', b'"version":9'))
    with pytest.raises(LedgerError, match=r"0000000003\.json does not follow"):
        ledger(s3).verify()


def test_a_last_entry_that_was_written_again_is_seen_by_its_versions(s3: Any) -> None:
    entries = three(s3)
    overwrite(s3, 3, entries[2].as_bytes().replace(b'"version":3', b'"version":9'))
    with pytest.raises(LedgerError, match=r"0000000003\.json was written again"):
        ledger(s3).verify()


def test_a_deleted_last_entry_is_seen_by_its_marker(s3: Any) -> None:
    three(s3)
    s3.delete_object(Bucket=EVIDENCE, Key=ledger(s3).key(3))
    with pytest.raises(LedgerError, match=r"0000000003\.json was deleted"):
        ledger(s3).verify()


def test_a_missing_entry_is_seen(s3: Any) -> None:
    three(s3)
    s3.delete_object(Bucket=EVIDENCE, Key=ledger(s3).key(2))
    with pytest.raises(LedgerError, match="lacks entry 2"):
        ledger(s3).entries()


def test_an_entry_of_another_ledger_is_seen(s3: Any) -> None:
    entries = three(s3)
    overwrite(s3, 1, entries[0].as_bytes().replace(b"hdb-resale", b"rainfall"))
    with pytest.raises(LedgerError, match="holds entry 1 of rainfall"):
        ledger(s3).verify()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ENTRIES = st.builds(
    Entry,
    sequence=st.integers(1, 10**9),
    previous=TEXT,
    at=TEXT,
    action=st.sampled_from(sorted(ACTIONS)),
    use_case=TEXT,
    environment=TEXT,
    version=st.integers(0, 10**6),
    who=TEXT,
    why=TEXT,
    evidence=st.lists(st.builds(Evidence, uri=TEXT, sha256=TEXT), max_size=2).map(tuple),
)


@given(ENTRIES)
def test_an_entry_is_read_as_it_was_written(entry: Entry) -> None:
    assert read_entry(entry.as_bytes()) == entry


@given(st.binary(max_size=40) | st.from_regex(rb'\{"[a-z]+":.*\}', fullmatch=True))
def test_bytes_that_are_no_entry_are_refused(content: bytes) -> None:
    with pytest.raises(EntryError):
        read_entry(content)


@pytest.mark.parametrize(
    "change",
    [
        lambda values: values | {"action": "forged"},
        lambda values: values | {"extra": 1},
        lambda values: {key: value for key, value in values.items() if key != "who"},
        lambda values: values | {"evidence": ["s3://x"]},
        lambda values: values | {"evidence": 3},
        lambda values: values | {"sequence": "1"},
    ],
)
def test_an_entry_that_is_shaped_differently_is_refused(change: Any) -> None:
    entry = Entry(1, FIRST, "2026-11-28T09:30:00Z", "approved", "hdb-resale", "dev")
    content = json.dumps(change(json.loads(entry.as_bytes())), sort_keys=True, separators=(",", ":")).encode() + b"\n"
    with pytest.raises(EntryError):
        read_entry(content)


def test_an_entry_with_other_spacing_is_refused() -> None:
    entry = Entry(1, FIRST, "2026-11-28T09:30:00Z", "approved", "hdb-resale", "dev")
    with pytest.raises(EntryError, match="written differently"):
        read_entry(json.dumps(json.loads(entry.as_bytes()), indent=1).encode())
