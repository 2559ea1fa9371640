"""Runs the real CDK CLI against the local account, and against nothing else."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from govml.local.access import Connection, require_loopback
from govml.local.paths import state_directory
from govml.local.toolchain import require_cdk, require_node

CONCURRENCY = 8
OnStack = Callable[[str, str], None]
_DONE = re.compile(r"^\s*✅\s+(?P<stack>\S+)")
_TIME = re.compile(r"Deployment time: (?P<seconds>[\d.]+)s")
_TROUBLE = re.compile(r"❌|_FAILED|^\s*‣|\bfail(?:ed)?:|[Ee]rror:")


@dataclass
class CliRun:
    """What one run of the CLI did.

    Args:
        code: its exit code.
        log: file with its whole output.
        stacks: stack -> seconds of its deployment, in the order in which they were done.
        trouble: the lines that tell of a failure.
        retained: logical ids of resources that a delete left in place, because the template says so.
    """

    code: int
    log: Path
    stacks: dict[str, float] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    retained: list[str] = field(default_factory=list)


def run_cdk(
    connection: Connection,
    arguments: Sequence[str],
    *,
    log_name: str,
    on_stack: OnStack | None = None,
) -> CliRun:
    """Run the CDK CLI and follow its output.

    Args:
        connection: the local account.
        arguments: the CLI's arguments, as in `["deploy", "--app", "cdk.out", "**"]`; paths must be absolute.
        log_name: name of the log file in the state directory.
        on_stack: called when a stack is done, with its name and how it went: `5.1 s`, `no changes` or `destroyed`.

    Raises:
        UserError: Node or the CLI is missing, or the endpoint is not on loopback.
    """
    require_loopback(connection.endpoint_url)
    require_node()
    command = [str(require_cdk()), "--no-notices", *arguments]
    environment = {
        **connection.process_environ(),
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
        "NODE_NO_WARNINGS": "1",
        "NO_COLOR": "1",
        "FORCE_COLOR": "0",
    }
    result = CliRun(code=1, log=state_directory() / log_name)
    last_stack = ""
    with (
        result.log.open("w") as log,
        subprocess.Popen(
            command,
            cwd=state_directory(),  # no cdk.json here: the CLI must not run the app behind our back
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        for line in process.stdout or ():
            log.write(line)
            log.flush()
            last_stack = _follow(line.rstrip(), result, last_stack, on_stack or _silent)
    result.code = process.returncode
    return result


def _silent(_stack: str, _outcome: str) -> None:
    """Follow a run without telling anybody."""


def _follow(line: str, result: CliRun, last_stack: str, on_stack: OnStack) -> str:
    """Note what one line tells; return the stack that was done last, to which a following time belongs."""
    done, spent = _DONE.match(line), _TIME.search(line)
    if done:
        if line.endswith("destroyed"):
            on_stack(done["stack"], "destroyed")
        elif "(no changes)" in line:
            on_stack(done["stack"], "no changes")
        return done["stack"]
    if spent and last_stack and last_stack not in result.stacks:
        result.stacks[last_stack] = float(spent["seconds"])
        on_stack(last_stack, f"{result.stacks[last_stack]:.1f} s")
    if "DELETE_SKIPPED" in line:
        result.retained.append(line.rpartition("|")[2].strip())
    elif _TROUBLE.search(line) and line.strip() not in result.trouble:
        result.trouble.append(line.strip())
    return last_stack
