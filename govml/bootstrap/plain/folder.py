"""Writes the folder of the plain path."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from govml.bootstrap.assembly import StackArtifact
from govml.bootstrap.commands import document_text
from govml.bootstrap.kit import kit
from govml.bootstrap.plain.archive import pack
from govml.bootstrap.plain.scripts import deploy_script, publish_script, readme, template_path
from govml.bootstrap.plain.templates import plain_template, usable
from govml.errors import UserError
from govml.settings import Settings
from govml.settings.names import Names


@dataclass(frozen=True)
class PlainFolder:
    """What was written.

    Args:
        directory: the folder.
        stacks: names of the stacks, in the order of their deployment.
        left_out: names of stacks that do not work without a bootstrap stack.
        files: number of files to publish.
    """

    directory: Path
    stacks: tuple[str, ...]
    left_out: tuple[str, ...]
    files: int


def write_folder(
    settings: Settings, stacks: Sequence[StackArtifact], environment: str, *, asset_bucket: str, directory: Path
) -> PlainFolder:
    """Write templates, code, scripts, policies and a README for one environment.

    Args:
        settings: the agency file.
        stacks: the synthesised stacks.
        environment: environment of that file.
        asset_bucket: the agency's bucket, to which the code is published.
        directory: the folder, new or empty.

    Raises:
        UserError: the stacks need the bootstrap stack, or the folder holds something or cannot be written.
    """
    prefix = Names(settings.agency, environment).prefix
    own = [stack for stack in stacks if stack.environment == prefix]
    kept, left_out = usable(own, settings.bootstrap.qualifier)
    prepared = kit(settings, kept, [environment], asset_bucket=asset_bucket)
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UserError(f"{directory} is not an empty folder", hint="choose another --output, or empty it")
    assets = {asset.key: asset for stack in kept for asset in stack.assets}
    texts = {
        **{template_path(each): json.dumps(plain_template(each, asset_bucket=asset_bucket), indent=1) for each in kept},
        **{f"policies/{policy.name}.json": document_text(policy) for policy in prepared.policies},
        "publish.sh": publish_script(assets, bucket=asset_bucket, region=prepared.region),
        "deploy.sh": deploy_script(kept, bucket=asset_bucket),
        "README.md": readme(prepared, kept, left_out, bucket=asset_bucket),
    }
    try:
        for name, text in texts.items():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / name).write_text(text)
        for key, asset in assets.items():
            pack(asset, directory / "assets" / key)
    except OSError as error:
        raise UserError(f"{directory} cannot be written ({error})", hint="choose another --output") from error
    return PlainFolder(
        directory, tuple(stack.name for stack in kept), tuple(stack.name for stack in left_out), len(assets)
    )
