"""One page over all environments, and the links between accounts that fill it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from bench import Stand
from cfn_templates import Resource
from profiles import Profile

NAMED = {"AWS::CloudWatch::Metric", "AWS::XRay::Trace"}


def test_named_accounts_alone_link_themselves_and_share_no_logs(bench: Mapping[str, Stand]) -> None:
    (statement,) = bench["Sink"].one("AWS::Oam::Sink").properties["Policy"]["Statement"]
    assert statement["Principal"] == {"AWS": ["210987654321"]}
    assert set(statement["Condition"]["ForAllValues:StringEquals"]["oam:ResourceTypes"]) == NAMED


def test_a_link_shows_figures_and_traces(bench: Mapping[str, Stand]) -> None:
    properties = bench["Link"].one("AWS::Oam::Link").properties
    assert set(properties["ResourceTypes"]) == NAMED
    assert properties["LabelTemplate"] == "bench-dev"


@pytest.mark.parametrize("profile", ["agency-managed"], indirect=True)
def test_the_page_is_in_one_environment_and_reads_each_in_its_account(profile: Profile) -> None:
    made: dict[str, list[Resource]] = {
        name: [each for template in templates for each in template.all("AWS::CloudWatch::Dashboard")]
        for name, templates in profile.environments()
    }
    pages = {
        name: [each for each in boards if each.properties["DashboardName"] == "harbour-agency"]
        for name, boards in made.items()
    }
    assert {name: len(found) for name, found in pages.items()} == {"dev": 0, "uat": 0, "prod": 1}
    accounts = {name: each.account for name, each in profile.settings.environments.items()}
    widgets = json.loads(pages["prod"][0].properties["DashboardBody"])["widgets"]
    graphs = [each["properties"] for each in widgets if each["type"] == "metric"]
    for graph in graphs:
        (owner,) = [name for name in accounts if name in graph["title"]]
        assert graph.get("accountId") == (None if owner == "prod" else accounts[owner]), graph["title"]
    assert {name for name in accounts for graph in graphs if name in graph["title"]} == set(accounts)


@pytest.mark.parametrize("profile", ["agency-managed"], indirect=True)
def test_one_account_sees_the_others(profile: Profile) -> None:
    of = {
        name: {kind: [each for t in templates for each in t.all(kind)] for kind in ("AWS::Oam::Sink", "AWS::Oam::Link")}
        for name, templates in profile.environments()
    }
    assert {name: len(each["AWS::Oam::Sink"]) for name, each in of.items()} == {"dev": 0, "uat": 0, "prod": 1}
    assert {name: len(each["AWS::Oam::Link"]) for name, each in of.items()} == {"dev": 1, "uat": 1, "prod": 0}
    (sink,) = of["prod"]["AWS::Oam::Sink"]
    (statement,) = sink.properties["Policy"]["Statement"]
    accounts = {name: each.account for name, each in profile.settings.environments.items()}
    assert set(statement["Principal"]["AWS"]) == {accounts["dev"], accounts["uat"]}
