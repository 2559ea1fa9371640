"""The kit as files and shell commands that a person with the right to do so runs."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

from govml.bootstrap.documents import MOST_POLICIES
from govml.bootstrap.iam_statements import POLICY_PATH
from govml.bootstrap.kit import Kit, ManagedPolicy
from govml.errors import UserError

_AWS_IAM = ("aws", "iam")


def command(arguments: Iterable[str]) -> str:
    """Return a shell command, an option with its value a line."""
    lines = [""]
    for argument in arguments:
        if argument.startswith("--"):
            lines.append("")
        lines[-1] = f"{lines[-1]} {shlex.quote(argument)}".strip()
    return " \\\n  ".join(lines)


def document_text(policy: ManagedPolicy) -> str:
    """Return a policy document as a file's text."""
    return json.dumps(policy.document, indent=1) + "\n"


def _document(policy: ManagedPolicy) -> tuple[str, str]:
    return "--policy-document", f"file://{policy.name}.json"


def create_policies(kit: Kit) -> list[str]:
    """Return the commands that make the managed policies."""
    return [
        command([*_AWS_IAM, "create-policy", "--path", POLICY_PATH, "--policy-name", policy.name, *_document(policy)])
        for policy in kit.policies
    ]


def update_policies(kit: Kit) -> list[str]:
    """Return the commands that change them later; IAM keeps five versions of each."""
    return [
        command(
            [*_AWS_IAM, "create-policy-version", "--policy-arn", policy.arn, "--set-as-default", *_document(policy)]
        )
        for policy in kit.policies
    ]


def bootstrap_command(kit: Kit) -> str:
    """Return the `cdk bootstrap` command."""
    return command(["npx", "cdk", *kit.arguments])


def remarks(kit: Kit) -> list[str]:
    """Return what a person has to know before running the commands."""
    told = []
    if kit.permissions_boundary:
        told.append(f"the permissions boundary {kit.permissions_boundary} must exist in {kit.account}")
    if len(kit.policies) > MOST_POLICIES:
        told.append(
            f"{len(kit.policies)} policies need a raised quota: "
            'Service Quotas, IAM, "Managed policies per role" (at most 20)'
        )
    return told


def write(kits: Sequence[Kit], directory: Path) -> list[Path]:
    """Write, per account, the policies and a script `bootstrap.sh`; return the files.

    Raises:
        UserError: the folder cannot be written.
    """
    written = []
    try:
        for kit in kits:
            folder = directory / kit.account
            folder.mkdir(parents=True, exist_ok=True)
            for policy in kit.policies:
                written.append(folder / f"{policy.name}.json")
                written[-1].write_text(document_text(policy))
            written.append(folder / "bootstrap.sh")
            written[-1].write_text(_script(kit))
            written[-1].chmod(0o755)
    except OSError as error:
        raise UserError(f"{directory} cannot be written ({error})", hint="choose another --output") from error
    return written


def _script(kit: Kit) -> str:
    later = "\n".join(f"# {line}" for text in update_policies(kit) for line in text.splitlines())
    lines = [
        "#!/bin/sh",
        f"# Prepares account {kit.account} in {kit.region} for {', '.join(kit.environments)}. Run once, in this folder.",
        *(f"# Note: {remark}." for remark in remarks(kit)),
        "set -eu",
        "",
        *create_policies(kit),
        "",
        bootstrap_command(kit),
        "",
        "# When the stacks have changed and their policy with them, instead of creating the policies:",
        later,
    ]
    return "\n".join(lines) + "\n"
