"""Both nag packs judge every construct and every stack, and find nothing that is not acknowledged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stage
from aws_cdk import aws_sqs as sqs
from bench import BenchStack, Stand
from cfn_templates import Deployment

from govml.gate.judge import judge
from govml_constructs.validation.nag_canary import CANARY_PATH, CANARY_RULES
from govml_constructs.validation.nag_packs import register_packs

DAY = date(2026, 11, 21)  # acknowledgements are judged as on the day they were written


def report(folder: Path) -> dict[str, dict[str, Any]]:
    plugins = json.loads((folder / "validation-report.json").read_bytes())["pluginReports"]
    return {plugin["pluginName"]: plugin for plugin in plugins}


def test_both_packs_judged_the_bench_and_found_nothing_open(bench: Mapping[str, Stand], bench_folder: Path) -> None:
    plugins = report(bench_folder / "out")
    for pack, rule in CANARY_RULES.items():
        assert plugins[pack]["violations"] == []
        found = {
            (each["ruleName"], construct["constructPath"])
            for each in plugins[pack]["suppressedViolations"]
            for construct in each["violatingConstructs"]
        }
        assert (rule, CANARY_PATH) in found


def test_every_construct_of_the_package_stands_on_the_bench(bench: Mapping[str, Stand]) -> None:
    package = Path(__file__).resolve().parents[2] / "constructs" / "govml_constructs"
    promised = {
        line.removeprefix("class ").split("(")[0]
        for path in package.rglob("*.py")
        for line in path.read_text().splitlines()
        if line.startswith("class ") and line.endswith(("(PlacedConstruct):", "(ControlPlaneFunction):"))
    }
    promised -= {"HeardFunction"}  # what several kinds of functions have in common
    assert promised == {type(stand.construct).__name__ for stand in bench.values()}


def test_the_gate_passes_the_bench_and_the_sandbox(
    bench: Mapping[str, Stand], bench_folder: Path, sandbox: Deployment
) -> None:
    assert judge(bench_folder / "out", DAY).refusals == ()
    assert judge(sandbox.folder, DAY).refusals == ()


def test_a_finding_stops_the_synth(new_app: Callable[..., App], tmp_path: Path) -> None:
    app = new_app(tmp_path)
    register_packs(app)
    sqs.CfnQueue(BenchStack(app), "Open")
    with pytest.raises(RuntimeError, match=r"(?i)validation"):
        app.synth()
    rules = {each["ruleName"] for each in report(tmp_path)["AwsSolutions"]["violations"]}
    assert "AwsSolutions-SQS4" in rules


def test_the_canary_is_never_deployed(sandbox: Deployment) -> None:
    assert "NagCanary" not in json.dumps(json.loads((sandbox.folder / "manifest.json").read_bytes())["artifacts"])
    assert not [name for name in sandbox.templates if "Canary" in name]


def test_packs_are_refused_on_a_stage_and_a_second_time(new_app: Callable[..., App], tmp_path: Path) -> None:
    app = new_app(tmp_path)
    with pytest.raises(ValueError, match="on the app"):
        register_packs(Stage(app, "Stage"))  # type: ignore[arg-type]  # that it is no app is the point
    register_packs(app)
    with pytest.raises(ValueError, match="already"):
        register_packs(app)


def test_an_acknowledgement_for_the_whole_app_stops_the_synth(new_app: Callable[..., App], tmp_path: Path) -> None:
    app = new_app(tmp_path)
    register_packs(app)
    app.node.add_metadata("aws:cdk:acknowledged-rules", {"AwsSolutions::AwsSolutions-S1": "everything is fine"})
    BenchStack(app)
    with pytest.raises(RuntimeError, match="whole app or stage"):
        app.synth()
