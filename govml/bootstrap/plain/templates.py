"""Templates that need no bootstrap stack: code from a bucket of the agency's, no check of a bootstrap version."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from govml.bootstrap.assembly import StackArtifact
from govml.errors import UserError

_PARAMETER, _RULE = "BootstrapVersion", "CheckBootstrapVersion"


def usable(stacks: Sequence[StackArtifact], qualifier: str) -> tuple[list[StackArtifact], list[StackArtifact]]:
    """Return the stacks that work without a bootstrap stack, and those that do not: a pipeline that assumes its roles.

    Args:
        stacks: stacks in the order of their deployment.
        qualifier: the bootstrap qualifier, which the names of the roles carry.

    Raises:
        UserError: a stack needs container images, which only the CDK command line publishes; or one that works needs
            one that does not.
    """
    images = [stack.name for stack in stacks if stack.has_images]
    if images:
        raise UserError(
            f"{images[0]} holds container images that CDK builds and publishes",
            hint="push the images to a registry of yours and name them, or bootstrap the account",
        )
    roles = f"role/cdk-{qualifier}-"
    left_out = [stack for stack in stacks if roles in json.dumps(stack.template)]
    names = {stack.name for stack in left_out}
    kept = [stack for stack in stacks if stack.name not in names]
    for stack in kept:
        for name in stack.waits_for:
            if name in names:
                raise UserError(
                    f"{stack.name} needs {name}, which deploys through the roles of `cdk bootstrap`",
                    hint="bootstrap the account, or turn that component off",
                )
    return kept, left_out


def plain_template(stack: StackArtifact, *, asset_bucket: str) -> dict[str, Any]:
    """Return a stack's template without what `cdk bootstrap` would have to make.

    Args:
        stack: the stack.
        asset_bucket: bucket that holds the code, under the same keys.
    """
    text = json.dumps(stack.template)
    for bucket in {asset.bucket for asset in stack.assets}:
        text = text.replace(bucket, asset_bucket)
    template: dict[str, Any] = json.loads(text)
    for section, name in (("Parameters", _PARAMETER), ("Rules", _RULE)):
        entries = template.get(section, {})
        entries.pop(name, None)
        if not entries:
            template.pop(section, None)
    return template
