"""`govml gate` and `govml synth` as CI calls them: their exit codes are the truth."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import govml

GATE = "from govml.cli.main import main; main()"
# `govml synth` over an app of the test's own instead of the product's.
SYNTH = """
import sys
from pathlib import Path
import govml.cli.synth as command
from govml.cli.main import main
command.REPOSITORY = Path(sys.argv.pop(1))
main()
"""
APP = """
import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from govml_constructs.validation.nag_packs import register_packs
app = cdk.App()
register_packs(app)
stack = cdk.Stack(app, "Stack")
{content}
stack.template_options.description = str(app.node.try_get_context("said"))
app.synth()
"""
Run = subprocess.CompletedProcess[str]


def python(script: str, *arguments: str | Path, **environment: str) -> Run:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    env = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=env)


@pytest.fixture
def synth(tmp_path: Path) -> Callable[..., Run]:
    """Write an app into a repository of its own and run `govml synth` over it."""

    def _synth(app: str, *arguments: str, **environment: str) -> Run:
        (tmp_path / "app.py").write_text(app)
        (tmp_path / "cdk.json").write_text(json.dumps({"context": {"said": "by cdk.json"}}))
        return python(SYNTH, tmp_path, "synth", "--output", str(tmp_path / "out"), *arguments, **environment)

    return _synth


def test_gate_prints_what_it_judged_and_passes(synthesised: Callable[[str], Path]) -> None:
    done = python(GATE, "gate", synthesised("clean"), "--today", "2026-11-21")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["packs", "AwsSolutions,", "NIST.800.53.R5"]
    assert lines[1].split()[:2] == ["own", "rules"] and int(lines[1].split()[2]) > 0
    assert lines[2].split(maxsplit=1)[1] == "2 stacks, 2 resources"
    assert lines[3].startswith("acknowledged") and lines[3].endswith("findings, the next review by 2027-06-30")
    assert "  Dev/Data/Bucket" in lines
    assert "      Open data, replaced every night from its source." in lines
    assert re.search(r"^      data-team, until 2027-06-30, tests/gate/conftest\.py:[0-9]+$", done.stdout, re.MULTILINE)
    assert lines[-1] == "gate passed"


def test_gate_may_be_brief(synthesised: Callable[[str], Path]) -> None:
    done = govml("gate", synthesised("clean"), "--brief", "--today", "2026-11-21")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 6


def test_gate_refuses_after_the_expiry(synthesised: Callable[[str], Path]) -> None:
    done = govml("gate", synthesised("clean"), "--today", "2027-07-01")
    assert done.returncode == 1
    assert "expired on 2027-06-30 (owner data-team)" in done.stdout
    assert done.stdout.endswith("gate refused\n")


def test_gate_as_json(synthesised: Callable[[str], Path]) -> None:
    done = govml("gate", synthesised("crashing"), "--json", "--today", "2026-11-21")
    assert done.returncode == 1
    verdict = json.loads(done.stdout)
    assert verdict["passed"] is False
    assert verdict["packs"] == ["AwsSolutions", "NIST.800.53.R5"]
    assert verdict["refusals"][0]["kind"] == "crashed-plugin"
    assert verdict["accepted"][0]["expires"] == "2027-06-30"


def test_gate_without_an_assembly_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    done = govml("gate", tmp_path)
    assert done.returncode == 2
    assert "hint: run `govml synth` first" in done.stderr
    assert "Traceback" not in done.stderr


def test_synth_of_a_sound_app_passes(synth: Callable[..., Run], tmp_path: Path) -> None:
    app = APP.format(content="cdk.CfnResource(stack, 'Wait', type='AWS::CloudFormation::WaitConditionHandle')")
    done = synth(app, "--context", "other=1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("gate passed\n")
    template = json.loads((tmp_path / "out/Stack.template.json").read_text())
    assert template["Description"] == "by cdk.json"  # as under the CDK command line
    again = synth(app, "--context", "said=by the option")
    assert again.returncode == 0, again.stderr
    assert json.loads((tmp_path / "out/Stack.template.json").read_text())["Description"] == "by the option"


def test_synth_with_findings_is_refused_and_shows_them(synth: Callable[..., Run], tmp_path: Path) -> None:
    done = synth(APP.format(content="s3.CfnBucket(stack, 'Open')"))
    assert done.returncode == 1
    assert "AwsSolutions-S10" in done.stdout
    assert "at Stack/Open" in done.stdout
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out/Stack.template.json").exists()  # to look at


@pytest.mark.parametrize(
    ("app", "code", "said"),
    [
        ("import sys; print('error: no such thing', file=sys.stderr); sys.exit(2)", 2, "error: no such thing"),
        ("from govml.errors import UserError; raise UserError('no such thing', hint='mend it')", 2, "hint: mend it"),
        ("1 / 0", 1, "ZeroDivisionError: division by zero"),
        ("import sys; sys.exit(3)", 1, "app.py ended with exit code 3"),
        ("import sys; sys.exit('no good')", 1, "no good"),
        ("syntax error", 1, "SyntaxError"),
        ("import os; os.mkdir(os.environ['CDK_OUTDIR']); 1 / 0", 1, "ZeroDivisionError"),  # halfway through
    ],
)
def test_a_failing_app_fails_the_synth_and_leaves_nothing(
    synth: Callable[..., Run], tmp_path: Path, app: str, code: int, said: str
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/cdk.out").write_text("{}")  # an earlier assembly, with a report of its own
    (tmp_path / "out/validation-report.json").write_text("{}")
    done = synth(app)
    assert done.returncode == code
    assert said in done.stderr
    assert ("Traceback" in done.stderr) is (code == 1 and "exit" not in app)
    assert not (tmp_path / "out").exists()


def test_without_node_the_synth_says_so(synth: Callable[..., Run], tmp_path: Path) -> None:
    done = synth(APP.format(content=""), PATH=str(tmp_path))
    assert done.returncode == 2
    assert "Node is not installed" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_app_that_writes_nothing_does_not_pass(synth: Callable[..., Run]) -> None:
    assert synth("pass").returncode == 2


def test_synth_deletes_no_folder_but_its_own(synth: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.txt").write_text("three years of work")
    done = synth("pass")
    assert done.returncode == 2
    assert "no cloud assembly" in done.stderr
    assert (tmp_path / "out/thesis.txt").read_text() == "three years of work"


def test_bad_options_are_mistakes_of_the_user(synth: Callable[..., Run]) -> None:
    assert synth("pass", "--today", "yesterday").returncode == 2
    assert synth("pass", "--context", "no-equals").returncode == 2
