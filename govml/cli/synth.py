"""`govml synth`: run the CDK app into a fresh folder, then judge what it wrote."""

from __future__ import annotations

import atexit
import json
import os
import runpy
import shutil
import sys
import traceback
from datetime import date
from pathlib import Path
from typing import NoReturn

import click

from govml.cli.gate import parse_day
from govml.errors import UserError
from govml.gate.judge import judge
from govml.gate.text import lines

REPOSITORY = Path(__file__).resolve().parents[2]

# CDK would throw on findings and print them its way; the gate reads the report, whatever the app's exit code.
_LEAVE_FINDINGS_TO_THE_GATE = {"@aws-cdk/core:failSynthOnValidationErrors": False}


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="Agency file; default: config/sandbox.yaml.")
@click.option("--environment", metavar="NAME", help="One environment; default: all that the file has.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("cdk.out"), show_default=True)
@click.option("--validate", is_flag=True, help="Run CDK's own CloudFormation validation too (4 seconds more).")
@click.option("--context", "-c", "extra", multiple=True, metavar="KEY=VALUE", help="CDK context, as `cdk synth -c`.")
@click.option("--today", callback=parse_day, metavar="YYYY-MM-DD", help="Judge acknowledgements as on this day.")
def synth(
    *,
    config: Path | None,
    environment: str | None,
    output: Path,
    validate: bool,
    extra: tuple[str, ...],
    today: date,
) -> None:
    """Synthesise the stacks and run the gate.

    Exit 0: passed; 1: refused, or the app failed; 2: a mistake of the user's.
    """
    values = dict(_pair(text) for text in extra)
    if config is not None:
        values["govml:config"] = str(config.resolve())
    if environment is not None:
        values["govml:environment"] = environment
    output = output.absolute()
    make_room(output)
    code = 1
    try:
        code = run_app(REPOSITORY / "app.py", output=output, context=values, validate=validate)
    finally:
        if code:  # half an assembly must not be deployed by mistake
            shutil.rmtree(output, ignore_errors=True)
    if code:
        if code != UserError.exit_code:
            click.echo(f"synth failed: app.py ended with exit code {code}; there is nothing to judge", err=True)
        leave(UserError.exit_code if code == UserError.exit_code else 1)
    verdict = judge(output, today)
    for line in lines(verdict, acknowledgements=False):
        click.echo(line)
    leave(0 if verdict.passed else 1)


def make_room(output: Path) -> None:
    """Delete the assembly of an earlier synth, so that its report cannot be taken for the new one's.

    Raises:
        UserError: the folder holds something else.
    """
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise UserError(f"{output} is not a folder", hint="choose another --output")
    if output.is_dir():
        ours = (output / "cdk.out").is_file()  # CDK's marker of an assembly, missing when a synth was killed
        if not ours and not all(entry.name.startswith(("assembly-", "asset.")) for entry in output.iterdir()):
            raise UserError(f"{output} holds files that are no cloud assembly", hint="choose another --output")
        shutil.rmtree(output)


def run_app(app: Path, *, output: Path, context: dict[str, str], validate: bool) -> int:
    """Run the CDK app in this process, which spares the start of a second Python, and return its exit code.

    Args:
        app: the app's script.
        output: the folder for the assembly.
        context: CDK context on top of what `cdk.json` beside the app holds.
        validate: leave CDK's own CloudFormation validation on.

    Raises:
        UserError: from the app; or Node is missing or too old.
    """
    if shutil.which(_node()) is None:
        _require_node()
    fixed = json.loads((app.parent / "cdk.json").read_bytes()).get("context", {})
    os.environ["CDK_CONTEXT_JSON"] = json.dumps({**fixed, **_LEAVE_FINDINGS_TO_THE_GATE, **context})
    # README.md asks for Node 22; on 20 jsii would put a banner of 11 lines over every answer.
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
    os.environ["CDK_OUTDIR"] = str(output)
    os.environ["GOVML_GATE_FOLLOWS"] = "true"
    os.environ["CDK_VALIDATION"] = "true" if validate else "false"
    os.environ["GOVML_SETTINGS_UNDESCRIBED"] = "true"  # govml/settings/base.py
    sys.path.insert(0, str(app.parent))
    sys.argv = [str(app)]
    try:
        runpy.run_path(str(app), run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):  # what Python would do with it
            click.echo(end.code, err=True)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except UserError:
        raise
    except Exception:  # noqa: BLE001 - whatever the app throws is shown as Python would show it, and fails the synth
        _require_node()  # of an old one, jsii's own error is a traceback that does not say so
        traceback.print_exc()
        return 1
    return 0


def _require_node() -> None:
    """Refuse a missing or old Node; costs a process, so it is asked only when something is wrong already."""
    from govml.local.toolchain import require_node

    require_node(_node())


def _node() -> str:
    """Return what jsii starts as Node."""
    return os.environ.get("JSII_NODE") or "node"


def leave(code: int) -> NoReturn:
    """End the process with an exit code: stop jsii's kernel, and spare 0.4 s of taking a large interpreter down."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise click.BadParameter(f"{text!r} is not KEY=VALUE", param_hint="--context")
    return key, value
