"""`SavedQueries`: named by environment, over log groups and fields that exist."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bench import Stand
from cfn_templates import Deployment

REPOSITORY = Path(__file__).resolve().parents[3]
QUERY = "AWS::Logs::QueryDefinition"


def test_a_search_stands_in_the_environment_s_folder(bench: Mapping[str, Stand]) -> None:
    properties = bench["Queries"].one(QUERY).properties
    assert (properties["Name"], properties["LogGroupNames"]) == ("bench/Errors", ["/aws/bench"])
    assert properties["QueryString"] == "fields @message\n| filter @message like /error/"


def test_every_log_group_that_is_searched_is_made_by_the_stacks(sandbox: Deployment) -> None:
    made = {each.properties.get("LogGroupName") for each in sandbox.resources("AWS::Logs::LogGroup")}
    searched = {name for each in sandbox.resources(QUERY) for name in each.properties["LogGroupNames"]}
    assert searched
    assert searched <= made


def test_requests_are_searched_by_fields_that_the_model_server_writes(sandbox: Deployment) -> None:
    source = (REPOSITORY / "pipeline_code/src/govml_pipeline/serving/telemetry/log.py").read_text()
    written = set(re.findall(r'^\s+"([a-z_]+)":', source, re.MULTILINE))
    seen = set()
    for each in sandbox.resources(QUERY):
        if "Endpoints" not in each.properties["LogGroupNames"][0]:
            continue
        text = each.properties["QueryString"]
        shown = re.search(r"fields @timestamp, (.*)", text)
        filtered = re.findall(r"(?:filter|sort|ispresent\(|pct\(|by) ?([a-z_]+)\b", text)
        names = {*(shown[1].split(", ") if shown else []), *filtered} - {"ispresent"}
        assert names <= written, f"{each.properties['Name']} asks for {names - written}"
        seen |= names
    assert {"status", "milliseconds", "correlation_id", "model_version"} <= seen
