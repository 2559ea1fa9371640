"""`govml lineage`: where data comes from and goes to, drawn from the synthesised templates."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govml.errors import UserError

if TYPE_CHECKING:
    from govml.lineage.picture import Picture

_CONFIG = "config/sandbox.yaml"


@click.command()
@click.option("--config", default=_CONFIG, show_default=True, help="Agency file.")
@click.option("--environment", help="Environment; default: the only one.")
@click.option("--assembly", type=click.Path(path_type=Path), help="An assembly that is there already; no synth.")
@click.option("--output", type=click.Path(path_type=Path), help="File to write: .svg, or .mmd for Mermaid text.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the file differs from what the templates say.")
@click.pass_context
def lineage(
    context: click.Context,
    /,
    *,
    config: str,
    environment: str | None,
    assembly: Path | None,
    output: Path | None,
    check: bool,
) -> None:
    """Draw which resources hold data, and what may move it from one to another.

    Arrows are read out of IAM policies, event rules and queues: solid where data flows, dashed where something starts.
    """
    from govml.lineage.mermaid import mermaid
    from govml.lineage.svg import svg

    forms = {".svg": svg, ".mmd": mermaid}
    if output is not None and output.suffix not in forms:
        raise UserError(f"{output}: neither .svg nor .mmd", hint="name a file with one of these endings")
    if check and output is None:
        raise UserError("--check compares with a file", hint="name it with --output")
    found = _picture(config, environment, assembly)
    if output is None:
        click.echo(mermaid(found), nl=False)
        return
    text = forms[output.suffix](found)
    if not check:
        output.write_text(text, encoding="utf-8")
        click.echo(f"wrote {output}: {len(found.boxes)} boxes, {len(found.flows)} arrows")
    elif not output.exists() or output.read_text(encoding="utf-8") != text:
        click.echo(f"{output} is not what the templates say: run this command without --check", err=True)
        context.exit(1)


def _picture(config: str, environment: str | None, assembly: Path | None) -> Picture:
    from govml.bootstrap.assembly import read_stacks
    from govml.lineage.picture import picture
    from govml.settings import load_settings
    from govml.synthesis import synthesise

    settings = load_settings(Path(config))
    name = environment or next(iter(settings.environments))
    if environment is None and len(settings.environments) > 1:
        raise UserError(
            f"{config} has several environments: {', '.join(settings.environments)}", hint="name one with --environment"
        )
    settings.environment(name)
    prefix = f"{settings.agency}-{name}"
    if assembly is not None:
        return picture(read_stacks(assembly, environment=prefix))
    with tempfile.TemporaryDirectory(prefix="govml-lineage-") as folder:
        made = synthesise(Path(config), name, output=Path(folder) / "assembly", quiet=True)
        return picture(read_stacks(made, environment=prefix))
