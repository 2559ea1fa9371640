"""Publishing: all of it, again, over conflicts and failures, and never more than what is ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fake_grafana import TOKEN, FakeGrafana, serving

from govml.grafana.publishing import sources
from govml.grafana.publishing.client import Grafana, GrafanaError
from govml.grafana.publishing.plan import Plan, plan
from govml.grafana.publishing.publish import contains, digest, publish

REGION = "ap-southeast-1"


def wanted(budgets: str = "vector(0) > 1") -> Plan:
    each = [
        sources.prometheus("a-dev", "https://aps.example/workspaces/ws-1", REGION, first=True),
        sources.cloudwatch(REGION),
        sources.xray(REGION),
    ]
    return plan(each, budgets=budgets, prefixes=["a-dev", "a-prod"])


@pytest.fixture
def server() -> Iterator[FakeGrafana]:
    with serving(FakeGrafana()) as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def grafana(server: FakeGrafana, waits: list[float]) -> Grafana:
    return Grafana(server.url, TOKEN, sleep=waits.append)


def test_everything_is_made_once_and_the_second_run_changes_nothing(server: FakeGrafana, grafana: Grafana) -> None:
    first = publish(grafana, wanted())
    assert (len(first.made), first.problems) == (16, [])  # 3 sources, 5 folders, 8 dashboards
    assert set(server.sources) == {"govml-a-dev", "govml-cloudwatch", "govml-xray"}
    assert server.dashboards["govml-endpoint"]["meta"] == {"folderUid": "govml-models"}
    writes = len(server.written)
    again = publish(grafana, wanted())
    assert (again.made, again.changed, again.removed, again.problems) == ([], [], [], [])
    assert len(server.written) == writes


def test_what_differs_between_agencies_is_filled_in(server: FakeGrafana, grafana: Grafana) -> None:
    publish(grafana, wanted(budgets="vector(0.01)"))
    by_name = {
        each["name"]: each
        for board in ("govml-service-levels", "govml-pipelines")
        for each in server.dashboards[board]["dashboard"]["templating"]["list"]
    }
    assert by_name["budgets"]["query"] == "vector(0.01)"
    assert by_name["prefix"]["query"] == "a-dev,a-prod"
    assert [each["value"] for each in by_name["prefix"]["options"] if each["selected"]] == ["a-dev"]


def test_a_changed_dashboard_alone_gets_a_new_version_that_names_its_content(
    server: FakeGrafana, grafana: Grafana
) -> None:
    publish(grafana, wanted())
    report = publish(grafana, wanted(budgets="vector(0.01)"))
    assert report.changed == ["dashboard govml-service-levels"]
    assert server.dashboards["govml-service-levels"]["dashboard"]["version"] == 2
    (board,) = [each for each in wanted("vector(0.01)").boards if each.uid == "govml-service-levels"]
    assert server.messages[-1] == f"govml {digest(board.body)}"


def test_what_somebody_changed_by_hand_is_set_right(server: FakeGrafana, grafana: Grafana) -> None:
    publish(grafana, wanted())
    server.dashboards["govml-drift"]["dashboard"]["panels"][1]["title"] = "mine"
    server.folders["govml-models"]["title"] = "mine"
    server.sources["govml-cloudwatch"]["jsonData"]["defaultRegion"] = "us-east-1"
    report = publish(grafana, wanted())
    assert len(report.changed) == 3
    assert publish(grafana, wanted()).changed == []


def test_a_save_in_between_is_overruled_once_and_a_second_is_told(server: FakeGrafana, grafana: Grafana) -> None:
    publish(grafana, wanted())
    server.dashboards["govml-drift"]["dashboard"]["title"] = "mine"
    server.broken["/api/dashboards/db"] = [412]
    assert publish(grafana, wanted()).changed == ["dashboard govml-drift"]
    server.dashboards["govml-drift"]["dashboard"]["title"] = "mine again"
    server.meddle.add("govml-drift")
    (problem,) = publish(grafana, wanted()).problems
    assert "govml-drift" in problem
    assert "changed by someone else" in problem
    assert server.dashboards["govml-drift"]["dashboard"]["title"] == "mine again"


def test_a_service_that_is_out_for_a_moment_is_asked_again(
    server: FakeGrafana, grafana: Grafana, waits: list[float]
) -> None:
    server.broken["/api/folders"] = [503, 500, 429]
    assert publish(grafana, wanted()).problems == []
    assert waits == [1.0, 2.0, 4.0]


def test_what_fails_half_way_does_not_stop_the_rest_and_the_next_run_does_it(
    server: FakeGrafana, grafana: Grafana
) -> None:
    server.broken["/api/dashboards/uid/govml-endpoint"] = [500] * 4
    first = publish(grafana, wanted())
    assert len(first.problems) == 1
    assert len(first.made) == 15
    assert publish(grafana, wanted()).made == ["dashboard govml-endpoint"]


def test_a_token_that_is_not_taken_ends_it_at_once_and_is_not_shown(server: FakeGrafana) -> None:
    with pytest.raises(GrafanaError, match="401: Unauthorized") as told:
        publish(Grafana(server.url, "glsa_wrong", sleep=lambda _: None), wanted())
    assert "glsa_wrong" not in str(told.value)
    assert "glsa_wrong" not in repr(Grafana(server.url, "glsa_wrong"))
    assert len(server.asked) == 1


def test_only_what_is_ours_is_removed(server: FakeGrafana, grafana: Grafana) -> None:
    publish(grafana, wanted())

    def keep(uid: str, tags: list[str], folder: str) -> None:
        body: dict[str, Any] = {"uid": uid, "title": uid, "tags": tags, "id": 99, "version": 1}
        server.dashboards[uid] = {"dashboard": body, "meta": {"folderUid": folder}}

    keep("govml-of-yesterday", ["govml"], "govml-models")
    keep("govml-copy", ["govml"], "somebody-s")
    keep("team-board", ["govml"], "govml-models")
    keep("govml-untagged", [], "govml-models")
    assert publish(grafana, wanted()).removed == ["dashboard govml-of-yesterday"]
    assert {"govml-copy", "team-board", "govml-untagged"} <= set(server.dashboards)


def test_a_dashboard_of_somebody_else_with_our_identifier_is_left_alone(server: FakeGrafana, grafana: Grafana) -> None:
    body = {"uid": "govml-drift", "title": "theirs", "id": 1, "version": 3}
    server.dashboards["govml-drift"] = {"dashboard": body, "meta": {"folderUid": ""}}
    (problem,) = publish(grafana, wanted()).problems
    assert "not ours" in problem
    assert server.dashboards["govml-drift"]["dashboard"]["title"] == "theirs"


def test_nobody_answers(waits: list[float]) -> None:
    nobody = Grafana("http://127.0.0.1:9", TOKEN, sleep=waits.append)
    with pytest.raises(GrafanaError, match="no answer"):
        nobody.get("/api/folders/x")
    assert len(waits) == 3


def test_a_token_is_not_sent_in_clear() -> None:
    with pytest.raises(ValueError, match="not HTTPS"):
        Grafana("http://grafana.example", TOKEN)


def test_containing_is_not_equal() -> None:
    assert contains({"a": 1, "b": [{"c": 2, "d": 3}]}, {"b": [{"c": 2}]})
    assert not contains({"b": [{"c": 2}, {"c": 2}]}, {"b": [{"c": 2}]})
    assert not contains({"a": None}, {"a": {"b": 1}})
