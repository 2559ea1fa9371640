"""`govml config` as a user meets it: exit codes, plain text when piped, JSON for machines."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import govml

SANDBOX = str(Path(__file__).parents[2] / "config/sandbox.yaml")
SCHEMA = str(Path(__file__).parents[2] / "config/schema.json")


def test_check_says_that_a_file_is_sound() -> None:
    command = [sys.executable, "-m", "govml.cli.main", "config", "check", SANDBOX]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "is sound: agency sandbox, stage2, dev" in done.stdout


def test_check_lists_the_problems_and_exits_with_2(tmp_path: Path) -> None:
    path = tmp_path / "agency.yaml"
    path.write_text(Path(SANDBOX).read_text().replace("maturity: stage2", "maturity: stage4\nstudoi: 1"))
    done = govml("config", "check", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "has 2 problems:" in done.stderr
    assert "Traceback" not in done.stderr
    missing = govml("config", "check", str(tmp_path / "absent.yaml"))
    assert missing.returncode == 2
    assert "does not exist" in missing.stderr


def test_show_tells_where_each_switch_comes_from() -> None:
    done = govml("config", "show", SANDBOX)
    assert done.returncode == 0
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith("  ")}
    assert lines["alarms"].split(maxsplit=2)[1:] == ["on", "preset stage2"]
    assert lines["studio"].split(maxsplit=2)[1:] == ["on", "override, line 43"]
    assert "10.40.0.0/22" in lines["dev"]
    assert lines["hdb_resale"].endswith("no tuning  mape <= 6, mae <= 40000")
    assert "\x1b" not in done.stdout  # no colours when it is not a terminal


def test_show_tells_where_logs_go_and_which_tags_are_added() -> None:
    facts = {
        name: dict(
            line.split(maxsplit=1) for line in govml("config", "show", file).stdout.split("\n\n")[0].splitlines()
        )
        for name, file in (("sandbox", SANDBOX), ("intranet", SANDBOX.replace("sandbox", "gcc-intranet")))
    }
    assert (facts["sandbox"]["logs"], facts["sandbox"]["tags"]) == ("400 days", "-")
    assert facts["intranet"]["logs"] == "400 days, a copy to clm-central-logging-firehose"
    assert facts["intranet"]["tags"] == "System-Name=Journey time forecasts, Cost-Centre=40210"


def test_show_as_json() -> None:
    shown = json.loads(govml("config", "show", SANDBOX, "--json").stdout)
    assert shown["switches"]["ai_service"] == {"on": True, "source": "override, line 44"}
    assert shown["settings"]["environments"]["dev"]["cidr"] == "10.40.0.0/22"


def test_imports_prints_what_the_policies_of_imported_keys_must_say(tmp_path: Path) -> None:
    key = "arn:aws:kms:ap-southeast-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    path, network = tmp_path / "agency.yaml", "    cidr: 10.40.0.0/22"
    path.write_text(Path(SANDBOX).read_text().replace(network, f"    imported: {{keys: {{logs: {key}}}}}\n{network}"))
    done = govml("config", "imports", str(path))
    assert done.returncode == 0, done.stderr
    (wanted,) = [each for arn, each in json.loads(done.stdout).items() if arn == key]
    assert (wanted["environment"], wanted["domain"]) == ("dev", "logs")
    assert {"Service": "logs.ap-southeast-1.amazonaws.com"} in [each["Principal"] for each in wanted["statements"]]
    assert json.loads(govml("config", "imports", SANDBOX).stdout) == {}


@pytest.mark.parametrize(("content", "code"), [(Path(SCHEMA).read_text(), 0), ("{}", 1), (None, 1)])
def test_schema_check(tmp_path: Path, content: str | None, code: int) -> None:
    path = tmp_path / "schema.json"
    if content is not None:
        path.write_text(content)
    done = govml("config", "schema", "--check", str(path))
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_schema_check_knows_the_committed_file() -> None:
    done = govml("config", "schema", "--check")
    assert (done.returncode, done.stdout) == (0, f"{SCHEMA} matches the models\n")


def test_schema_is_printed_and_written(tmp_path: Path) -> None:
    printed = govml("config", "schema").stdout
    assert govml("config", "schema", "--output", str(tmp_path / "schema.json")).returncode == 0
    assert (tmp_path / "schema.json").read_text() == printed == Path(SCHEMA).read_text()
