"""`govml cost` over assemblies that are there already: text, JSON, comparison, switches, mistakes."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cost_plans import resource, write_assembly

from govml.cli.cost import cost
from govml.cost import switch_costs
from govml.cost.estimate import Estimate
from govml.errors import UserError
from govml.settings import load_settings

Run = Callable[..., Result]
CONFIG = Path("config/sandbox.yaml")
SUBNETS = ["a", "b"]
INTERFACE = resource("EC2::VPCEndpoint", VpcEndpointType="Interface", SubnetIds=SUBNETS)
PLAN = {"Network": {"Kms": INTERFACE, "Vpc": resource("EC2::VPC")}, "Security": {"Key": resource("KMS::Key")}}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(Path(__file__).resolve().parents[2])

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(cost, [str(each) for each in arguments], catch_exceptions=False)

    return run


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    return write_assembly(tmp_path / "one", PLAN, environment="sandbox-dev")


def test_the_report_shows_stacks_fee_currency_and_budget(run: Run, assembly: Path) -> None:
    lines = [" ".join(line.split()) for line in run("--assembly", assembly).output.splitlines()]
    assert "Network 18.98" in lines  # 2 zones x 0.013 x 730 h
    assert "Security 1.00" in lines
    assert "in all 19.98" in lines
    assert "with the service fee of 3 % 20.58 SGD 26.75" in lines  # at the file's 1.30
    assert "3 % of the budget of 800 US dollars" in lines
    assert "every resource has a price or is known to be free" in lines


def test_json_has_every_line_with_how_sure_its_price_is(run: Run, assembly: Path) -> None:
    document = json.loads(run("--assembly", assembly, "--json").output)
    assert document["idle"] == {"usd": 19.98, "with_fee_usd": 20.5794, "with_fee_sgd": 26.75322}
    assert sum(line["usd"] for line in document["lines"] if line["meter"] == "month") == pytest.approx(19.98)
    assert {line["basis"] for line in document["lines"]} == {"list", "free"}
    assert document["unpriced"] == []


def test_unsure_prices_are_marked_and_unknown_ones_told_loudly(run: Run, tmp_path: Path) -> None:
    body = {"Data": {"Cluster": resource("Neptune::DBCluster"), "Firewall": resource("EC2::EIP")}}
    output = run("--assembly", write_assembly(tmp_path / "odd", body, environment="sandbox-dev")).output
    assert "WITHOUT A PRICE, and in no sum above: 1 resources" in output
    assert "sandbox-dev/Data AWS::Neptune::DBCluster Cluster: the price table has no row for it" in output
    marked = [line for line in output.splitlines() if "~" in line]
    assert any(line.split() == ["Data", "~", "3.65"] for line in marked)


def test_two_plans_are_compared_by_stack_and_kind(run: Run, assembly: Path, tmp_path: Path) -> None:
    wider = resource("EC2::VPCEndpoint", VpcEndpointType="Interface", SubnetIds=[*SUBNETS, "c"])
    other = {**PLAN, "Network": {"Kms": wider, "Nat": resource("EC2::NatGateway")}}
    path = write_assembly(tmp_path / "two", other, environment="harbour-dev")
    lines = [" ".join(line.split()) for line in run("--assembly", assembly, "--compare", path).output.splitlines()]
    assert "dev Network 18.98 71.54 +52.56" in lines
    assert "dev Network AWS::EC2::NatGateway - 43.07 +43.07" in lines
    assert "in all 19.98 72.54 +52.56" in lines
    assert not any("Security" in line for line in lines)
    document = json.loads(run("--assembly", assembly, "--compare", path, "--json").output)
    assert document["total"]["difference"] == pytest.approx(52.56)
    assert [each["name"] for each in document["units"]] == ["GB through a NAT gateway"]


def test_a_month_is_shown_with_the_use_that_is_given(run: Run, assembly: Path, tmp_path: Path) -> None:
    usage = tmp_path / "usage.toml"
    usage.write_text('[month]\n"10,000 uses of a key" = 10\n"run of nothing" = 1\n')
    output = run("--assembly", assembly, "--usage", usage).output
    assert "a month with the given use" in output
    assert "20.28" in output  # 19.98 + 10 x 0.03
    assert "nothing has the meter 'run of nothing'" in output


def test_prices_are_shown_with_source_and_basis(run: Run) -> None:
    output = run("prices").output
    assert "SageMaker instance ml.m5.large: 0.144 US dollars, hour (ap-southeast-1)" in output
    assert "derived, 2026-11-28, https://aws.amazon.com/sagemaker/pricing/; 1.2 times 0.12 of EC2" in output
    rows = json.loads(run("prices", "--json").output)
    assert {row["basis"] for row in rows} == {"list", "derived", "unverified", "free"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--compare", "x", "--switch", "studio"], "two questions"),
        (["--environment", "prod"], "no environment 'prod'"),
        (["--assembly", "docs"], "not a cloud assembly"),
    ],
)
def test_mistakes_are_told_with_the_way_out(run: Run, arguments: list[str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        run(*arguments)


def test_an_environment_that_the_assembly_lacks_is_told(run: Run, assembly: Path) -> None:
    with pytest.raises(UserError, match="has no environment uat"):
        run("--assembly", assembly, "--environment", "uat")


def test_a_switch_costs_the_difference_of_the_plan_with_it_turned(
    run: Run, monkeypatch: pytest.MonkeyPatch, reckon: Callable[..., Estimate], tmp_path: Path
) -> None:
    """The two plans of each switch; the synth is left out, not the agency file that it would get."""

    def plan(source: Path, _environment: Any, _rates: Any) -> Estimate:
        switches = load_settings(source).switches
        keys = ["dashboards"] * switches.dashboards + ["studio"] * switches.studio
        return reckon({name: resource("KMS::Key") for name in [*keys, *(["baseline"] * switches.gcc_baseline)]})

    monkeypatch.setattr(switch_costs, "plan", plan)
    now = plan(CONFIG, None, None)
    names = ["dashboards", "gcc_baseline", "training_pipeline"]
    found = {each.name: each for each in switch_costs.switch_costs(CONFIG, None, names, now=now, rates=None)}  # type: ignore[arg-type]
    assert (found["dashboards"].on, found["dashboards"].usd) == (True, Decimal(1))
    assert (found["gcc_baseline"].on, found["gcc_baseline"].usd) == (False, Decimal(1))
    assert found["training_pipeline"].usd is None
    assert "there is nothing to start" in found["training_pipeline"].refusal


def test_an_unknown_switch_is_told(reckon: Callable[..., Estimate]) -> None:
    with pytest.raises(UserError, match="no switch 'studoi'"):
        list(switch_costs.switch_costs(CONFIG, None, ["studoi"], now=reckon({}), rates=None))  # type: ignore[arg-type]
