"""The two scripts and the README of the plain path: nothing but `aws s3 cp` and `aws cloudformation deploy`."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

from govml.bootstrap.assembly import StackArtifact
from govml.bootstrap.kit import Kit

_SERVICE_ROLE = '${SERVICE_ROLE:+--role-arn "$SERVICE_ROLE"}'


def publish_script(keys: Iterable[str], *, bucket: str, region: str) -> str:
    """Return the script that publishes the code."""
    lines = [
        f"aws s3 cp {shlex.quote(f'assets/{key}')} {shlex.quote(f's3://{bucket}/{key}')} --region {region}"
        for key in sorted(keys)
    ]
    return _script(
        f"Publishes the code of the stacks to {bucket}. Run in this folder, again after every change.", lines
    )


def deploy_script(stacks: Sequence[StackArtifact], *, bucket: str) -> str:
    """Return the script that deploys the stacks, each after those that it needs."""
    lines = []
    for stack in stacks:
        tags = " ".join(shlex.quote(f"{key}={value}") for key, value in sorted(stack.tags.items()))
        words = [
            f"aws cloudformation deploy --region {stack.region}",
            f"--stack-name {shlex.quote(stack.name)}",
            f"--template-file {shlex.quote(template_path(stack))}",
            f"--s3-bucket {shlex.quote(bucket)} --s3-prefix templates",
            "--capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM",
            f"--tags {tags}",
            "--no-fail-on-empty-changeset",
            _SERVICE_ROLE,
        ]
        lines.append(" \\\n  ".join(words))
        if stack.protected:
            lines.append(
                f"aws cloudformation update-termination-protection --region {stack.region} "
                f"--stack-name {shlex.quote(stack.name)} --enable-termination-protection"
            )
    return _script(
        "Deploys the stacks in their order. Run in this folder, after publish.sh. SERVICE_ROLE: ARN of the role under "
        "which CloudFormation works, if it is not you.",
        lines,
    )


def template_path(stack: StackArtifact) -> str:
    """Return where a stack's template stands in the folder."""
    return f"templates/{stack.name}.template.json"


def readme(kit: Kit, stacks: Sequence[StackArtifact], left_out: Sequence[StackArtifact], *, bucket: str) -> str:
    """Return the README of the folder."""
    order = "\n".join(f"{number}. `{stack.name}`" for number, stack in enumerate(stacks, start=1))
    policies = "\n".join(f"* `policies/{policy.name}.json`" for policy in kit.policies)
    missing = "".join(
        f"\n`{stack.name}` is left out: its pipeline deploys through the roles that `cdk bootstrap` makes.\n"
        for stack in left_out
    )
    boundary = (
        f"\nThe permissions boundary `{kit.permissions_boundary}` must exist in the account: every role carries it.\n"
        if kit.permissions_boundary
        else ""
    )
    return f"""# {", ".join(kit.environments)} in account {kit.account} ({kit.region}), by plain CloudFormation

These templates need no `cdk bootstrap`. They are made by `govml bootstrap template`; make them again instead of editing them.
{missing}
## Once

* The bucket `{bucket}` of this account, in {kit.region}, private and versioned, encrypted with S3's or the account's own
  key (`aws/s3`): functions and jobs read their code from it and have no rights on another key.
* Optional: a role for CloudFormation (trust: `cloudformation.amazonaws.com`) with these policies, so that whoever deploys needs no
  rights on the resources themselves. Set `SERVICE_ROLE` to its ARN before `deploy.sh`. The keys' policies let in the roles that
  `iam.deployment_roles` of the agency file names, so name it (or, without one, your own) there and make this folder again.
{policies}
{boundary}
## Each time

```
sh publish.sh    # aws s3 cp, {len({asset.key for stack in stacks for asset in stack.assets})} files
sh deploy.sh     # aws cloudformation deploy, stack by stack
```

The order, for whoever deploys stacks one by one (duties may be split by stack):

{order}

To delete, take the reverse order with `aws cloudformation delete-stack`. What a template retains stays.
"""


def _script(purpose: str, commands: Sequence[str]) -> str:
    return "\n".join(["#!/bin/sh", f"# {purpose}", "set -eu", "", *commands]) + "\n"
