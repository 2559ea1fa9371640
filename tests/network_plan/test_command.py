"""`govml network plan`: the table, JSON, and a plan that does not fit."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from imported_network import networks

from govml.cli.network import network
from govml.errors import UserError

SANDBOX = Path(__file__).parents[2] / "config/sandbox.yaml"


def compartment(folder: Path, cidrs: tuple[str, str]) -> Path:
    """Write an agency file that imports two subnets of these ranges, with everything on."""
    made = networks()["dev"]
    for subnet, cidr in zip(made["subnets"], cidrs, strict=True):
        subnet["cidr"] = cidr
    path = folder / "agency.yaml"
    text = SANDBOX.read_text().replace("mode: create", "mode: import")
    path.write_text(text.replace("    cidr: 10.40.0.0/22", f"    network_import: {json.dumps(made)}"))
    return path


def test_the_table_adds_up() -> None:
    shown = CliRunner().invoke(network, ["plan", str(SANDBOX)]).output
    assert "sandbox-dev\n  isolated 10.40.0.0/23, zone 1: 512 addresses\n" in shown
    block = shown.split("zone 1: 512 addresses\n")[1].split("  isolated")[0]
    assert sum(int(line.split()[-1]) for line in block.splitlines()) == 512


def test_json_has_the_same_figures() -> None:
    rows = json.loads(CliRunner().invoke(network, ["plan", "--json", str(SANDBOX)]).output)["dev"]
    assert [row["cidr"] for row in rows] == ["10.40.0.0/23", "10.40.2.0/23"]
    for row in rows:
        assert row["needed"] == sum(row["demands"].values())
        assert row["usable"] == 507 == row["needed"] + row["free"]


def test_one_environment_and_one_that_is_not_there() -> None:
    assert "sandbox-dev" in CliRunner().invoke(network, ["plan", "--environment", "dev", str(SANDBOX)]).output
    missing = CliRunner().invoke(network, ["plan", "--environment", "uat", str(SANDBOX)])
    assert isinstance(missing.exception, UserError)


def test_an_intranet_compartment_of_a_25_holds_everything(tmp_path: Path) -> None:
    path = compartment(tmp_path, ("10.8.0.0/26", "10.8.0.64/26"))
    shown = CliRunner().invoke(network, ["plan", str(path)])
    assert shown.exit_code == 0, shown.exception
    assert "isolated 10.8.0.0/26, ap-southeast-1a: 64 addresses" in shown.output


@pytest.mark.parametrize("size", [27, 28])
def test_half_of_it_does_not_and_the_refusal_says_what_takes_how_many(tmp_path: Path, size: int) -> None:
    path = compartment(tmp_path, (f"10.8.0.0/{size}", f"10.8.0.64/{size}"))
    refused = CliRunner().invoke(network, ["plan", str(path)])
    assert isinstance(refused.exception, UserError)
    text = str(refused.exception)
    assert f"the isolated subnet 10.8.0.0/{size} (ap-southeast-1a) leaves {2 ** (32 - size) - 5} addresses" in text
    assert "the plan needs 39: interface endpoints 20, Studio applications 8, processing and training jobs 4" in text
    assert "a subnet of /26 holds it" in text
