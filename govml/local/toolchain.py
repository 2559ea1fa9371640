"""Node and the CDK CLI: present, new enough, and the version that this blueprint is tested with."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

from govml.errors import UserError
from govml.local.paths import REPOSITORY

OLDEST_NODE = 20


def require_node(command: str = "node") -> str:
    """Return the path of Node.

    Args:
        command: its name on the PATH, or its path.

    Raises:
        UserError: it is missing, does not run, or is too old.
    """
    hint = f"install Node {OLDEST_NODE + 2} or newer (https://nodejs.org) and put it on the PATH"
    node = shutil.which(command)
    if node is None and command != "node":
        raise UserError(f"JSII_NODE is {command!r}, and there is no such program", hint="unset it, or name Node's path")
    if node is None:
        raise UserError("Node is not installed; the CDK CLI runs on it", hint=hint)
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.", answer.stdout)
    if version is None:
        raise UserError(f"{node} does not tell its version: {(answer.stdout + answer.stderr).strip()[:200]}", hint=hint)
    if int(version[1]) < OLDEST_NODE:
        raise UserError(f"Node {answer.stdout.strip()} is too old: {OLDEST_NODE} is the oldest that works", hint=hint)
    return node


def require_cdk(repository: Path = REPOSITORY) -> Path:
    """Return the path of the pinned CDK CLI.

    Args:
        repository: folder with `package.json` and `node_modules`.

    Raises:
        UserError: it is not installed, or in another version than `package.json` pins.
    """
    cli = repository / "node_modules" / ".bin" / "cdk"
    if not cli.exists():
        raise UserError("the CDK CLI is not installed", hint="run `make install`")
    pinned = json.loads((repository / "package.json").read_text())["dependencies"]["aws-cdk"]
    installed = json.loads((repository / "node_modules" / "aws-cdk" / "package.json").read_text())["version"]
    if installed != pinned:
        raise UserError(f"the CDK CLI is {installed}, but package.json pins {pinned}", hint="run `make install`")
    return cli
