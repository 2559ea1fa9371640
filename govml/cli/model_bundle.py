"""`govml model bundle`: the page that whoever approves a version reads."""

from __future__ import annotations

from pathlib import Path

import click

from govml.cli.release_context import opened, where
from govml.errors import UserError


@click.command()
@click.argument("use_case")
@click.argument("version", type=click.IntRange(1), required=False)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where the page is written."
)
@where
def bundle(use_case: str, version: int | None, output: Path, environment: str, **how: object) -> None:
    """Write the approval bundle of VERSION (default: the latest) of USE_CASE against the live one: one HTML page."""
    from govml.release.acts import require_version
    from govml.release.bundle.make import live_version, make_bundle
    from govml.release.ledger import Ledger

    with opened(use_case, environment=environment, **how) as found:  # type: ignore[arg-type]
        account, case = found.account, found.case
        known = account.packages(case.group)
        number = version or max(known, default=0)
        if not number:
            raise UserError(f"{case.group} has no version yet", hint="run its training pipeline")
        require_version(account, case, number)
        s3 = account.client("s3")
        entries = Ledger(s3, case.evidence, case.slug).entries()
        html = make_bundle(
            account.client("sagemaker"),
            s3,
            package_arn=account.package_arn(case.group, number),
            use_case=use_case,
            environment=environment,
            entries=entries,
            consumers=case.rules.consumers,
        )
    try:
        output.write_text(html, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{output} cannot be written: {error.strerror}") from error
    live = live_version(entries, besides=number)
    against = f"version {live}" if live else "no other model, since none was live"
    click.echo(f"{output}: version {number} of {use_case} against {against}")
