"""What goes wrong with the commands: a report, or a user's error with what to mend."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from toy_commands import REPOSITORY, Cli, free_port


def test_a_failed_run_exits_with_1_and_a_report(cli: Cli, deploy: Any, steps: Any, bucket: str) -> None:
    deploy(steps.definition(steps.processing("Bad", "import sys; sys.exit('no such column: price')")))
    ran = cli("pipeline", "run", "hdb_resale")
    assert ran.exit_code == 1
    assert "step Bad failed: the process ended with exit code 1" in ran.output
    assert "| no such column: price" in ran.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pipeline", "run", "hdb_resalle"], "has no use case hdb_resalle\n  hint: did you mean hdb_resale?"),
        (["pipeline", "run", "hdb_resale", "--environment", "prod"], "no environment 'prod'"),
        (["pipeline", "run", "hdb_resale", "--parameter", "TestMonths"], "is not of the form NAME=VALUE"),
        (["pipeline", "run", "hdb_resale", "--parameter", "A=1", "--parameter", "A=2"], "is given twice"),
        (["pipeline", "run", "hdb_resale", "--parameter", "TestMonth=1"], "did you mean TestMonths?"),
        (["pipeline", "run", "hdb_resale", "--parameter", "TestMonths=x"], "must be a whole number"),
        (["pipeline", "run", "hdb_resale"], "there is no input data under s3://"),
        (["data", "put", "hdb_resalle", "pyproject.toml"], "is no .csv or .csv.gz file"),
        (["data", "sample", "hdb_resalle"], "has no data source hdb_resalle\n  hint: did you mean hdb_resale?"),
        (["pipeline", "show", "latest"], "there is no run yet"),
        (["pipeline", "show", "../../etc"], "'../../etc' is not the id of a run"),
        (["model", "approve", "hdb_resale", "1", "--by", " "], "--by needs a name"),
    ],
)
def test_the_users_errors(cli: Cli, deploy: Any, arguments: list[str], message: str) -> None:
    deploy()
    assert message in cli.error(*arguments)


def test_a_pipeline_that_is_not_deployed(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    assert f"there is no pipeline {cli.agency}-dev-hdb-resale in the local account" in cli.error(
        "pipeline", "run", "hdb_resale"
    )
    batch = cli.error("pipeline", "run", "hdb_resale", "--batch")
    assert f"there is no pipeline {cli.agency}-dev-batch-hdb-resale in the local account" in batch
    ingesting = Cli(cli.agency, cli.config.with_name("ingesting.yaml"), cli.group)
    wanted = f"there is no pipeline {cli.agency}-dev-ingest-hdb-resale in the local account"
    assert wanted in ingesting.error("data", "ingest", "hdb_resale")


def test_a_raw_zone_that_is_not_deployed(cli: Cli, account: Any, tmp_path: Path) -> None:
    account.client("ssm").delete_parameter(Name=f"/govml/{cli.agency}/dev/data/raw-bucket")
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    assert "there is no raw zone" in cli.error("data", "put", "hdb_resale", tmp_path / "a.csv")


def test_an_account_that_has_gone_away(cli: Cli, account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = type(account)(f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr("govml.local.connection", lambda *_: gone)
    assert "the local account does not answer" in cli.error("model", "list", "hdb_resale")


def test_a_missing_environment_of_the_pipeline(cli: Cli, deploy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    deploy()
    for module, command in (("running", ["pipeline", "run"]), ("data", ["data", "sample"])):
        monkeypatch.setattr(f"govml.cli.{module}.INTERPRETER", Path("/nowhere/python"))
        assert "hint: run `make install`" in cli.error(*command, "hdb_resale")


def test_a_users_error_exits_with_2_and_without_a_traceback() -> None:
    command = [sys.executable, "-m", "govml.cli.main", "pipeline", "show", "260101nosuch"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: there is no run 260101nosuch")
    assert "Traceback" not in done.stderr
