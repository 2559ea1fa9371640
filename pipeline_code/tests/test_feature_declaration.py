"""Declarations of feature groups: what is refused before a deployment would stumble over it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from feature_groups import GROUP
from jobs import build_archive, provide, run_step

from govml_pipeline.data import months
from govml_pipeline.feature_store import __main__ as command
from govml_pipeline.feature_store.declaration import Declarations, load_declarations, refused_changes
from govml_pipeline.feature_store.group import DeclarationError, Feature, FeatureGroup

LEVEL = Feature("level", "Fractional", "Level.")


def group(**changes: Any) -> FeatureGroup:
    given = {"name": "g", "description": "d", "record_identifier": "k", "features": (LEVEL,)}
    return FeatureGroup(**{**given, **changes})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Feature("write_time", "String", ""), "keeps this name"),
        (lambda: Feature("Level", "String", ""), "lower case"),
        (lambda: Feature("level", "Text", ""), "none of"),  # type: ignore[arg-type]
        (lambda: group(features=()), "give features"),
        (lambda: group(ttl_days=0), "at least 1"),
        (lambda: group(features=(LEVEL, LEVEL)), "stands twice"),
        (lambda: group(record_identifier="level"), "stands twice"),
        (lambda: group(record_identifier="event_time"), "reserved"),
        (lambda: group(name="a-b"), "feature group 'a-b'"),
        (lambda: group(description="d" * 129), "1 to 128"),
    ],
)
def test_a_declaration_that_no_store_takes_is_refused(make: Any, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        make()


def content() -> dict[str, Any]:
    return Declarations("u", (GROUP,), lambda _: {}, Path("-")).as_json()


def test_identifier_and_event_time_come_first() -> None:
    (declared,) = content()["groups"]
    assert [each["name"] for each in declared["features"]] == ["block_key", "event_time", "level", "sales", "model"]


def test_a_feature_can_be_added_at_the_end_and_a_group_get_a_new_version() -> None:
    before, added, other = content(), content(), content()
    added["groups"][0]["features"].append({"name": "new", "type": "String", "description": ""})
    assert refused_changes(before, added) == []
    other["groups"][0] |= {"version": 2, "features": other["groups"][0]["features"][:3]}
    assert refused_changes(before, other) == []


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda each: each["features"].pop(2), "feature 'level' is gone"),
        (lambda each: each["features"][3].update(type="String"), "feature 'sales' was Integral and is String now"),
        (lambda each: each["features"].insert(2, {"name": "new", "type": "String"}), "do not stand at the end"),
        (lambda each: each.update(record_identifier="sales"), "its record_identifier was 'block_key'"),
        (lambda each: each.update(description="Other."), "its description was 'Prices of a block.'"),
    ],
)
def test_a_change_that_sagemaker_cannot_make_is_refused(edit: Any, message: str) -> None:
    before, after = content(), copy.deepcopy(content())
    edit(after["groups"][0])
    (finding,) = refused_changes(before, after)
    assert message in finding
    assert "block_history" in finding


@pytest.fixture
def declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "feature_groups.json"
    declarations = Declarations("u", (GROUP,), lambda _: {}, path)
    monkeypatch.setattr(command, "load_declarations", lambda _: declarations)
    return path


def test_the_file_is_written_checked_and_not_overwritten_by_a_refused_change(
    declared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--check"]) == 1
    assert command.main([]) == 0
    assert command.main(["--check"]) == 0
    committed = json.loads(declared.read_text())
    committed["groups"][0]["features"].append({"name": "newer", "type": "String", "description": ""})
    declared.write_text(json.dumps(committed))
    capsys.readouterr()
    assert command.main([]) == 2
    assert "feature 'newer' is gone" in (said := capsys.readouterr().err)
    assert "raise the group's version" in said
    assert json.loads(declared.read_text()) == committed


def test_a_use_case_without_features_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--use-case", "nothing"]) == 2
    assert "declares no features" in capsys.readouterr().err


def test_the_step_writes_every_month_that_is_over_once(tmp_path: Path, rows: pl.DataFrame) -> None:
    """From the zip application, twice: the second run adds nothing, and a month under way is left out."""
    base, validated = tmp_path / "base", tmp_path / "validated"
    validated.mkdir()
    under_way = rows.tail(3).with_columns(pl.lit(months.text(months.current())).alias("month"))
    pl.concat([rows, under_way]).write_parquet(validated / "accepted.parquet")
    provide(base, validated=validated)
    archive = build_archive(tmp_path / "code.zip")
    first = run_step(archive, base, "features", "--use-case", "hdb_resale")
    assert first.returncode == 0, first.stderr
    assert "of the month under way left out" in first.stdout
    again = run_step(archive, base, "features", "--use-case", "hdb_resale")
    folder = base / "processing" / "output" / "features"
    groups = [each.key for each in load_declarations("hdb_resale").groups]
    assert sorted(path.name for path in folder.iterdir()) == sorted(groups)
    for key in groups:
        assert [path.name for path in (folder / key).iterdir()] == ["000001.parquet"]
        assert f"{key.rpartition('_v')[0]}: 0 of " in again.stdout


def test_the_step_asks_for_the_prefix_of_deployed_groups(tmp_path: Path) -> None:
    done = run_step(
        build_archive(tmp_path / "code.zip"), tmp_path, "features", "--use-case", "hdb_resale", "--store", "sagemaker"
    )
    assert done.returncode == 2
    assert "needs --prefix" in done.stderr
