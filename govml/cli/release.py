"""`govml release`: approve, sign off, step back, freeze and retire; what stands, and the ledger of all of it."""

from __future__ import annotations

import click

from govml.cli.release_check import check
from govml.cli.release_context import opened, where
from govml.cli.release_promotion import promote, shared

VERSION = click.argument("version", type=click.IntRange(1))
WHY = click.option("--why", default="", metavar="TEXT", help="The reason; it goes into the registry.")
USE_CASE = click.argument("use_case")


@click.group()
def release() -> None:
    """From an approved model version to traffic, and back. Every step stands in a ledger that nobody can alter."""


@release.command()
@USE_CASE
@where
def status(use_case: str, **place: object) -> None:
    """Tell what USE_CASE serves, which versions there are, and what the release does next."""
    from datetime import UTC, datetime

    from govml.release.engine import Engine
    from govml.release.ledger import Ledger
    from govml.release.standing import read_standing
    from govml.release.status import lines

    with opened(use_case, **place) as found:  # type: ignore[arg-type]
        ledger = Ledger(found.account.client("s3"), found.case.evidence, found.case.slug)
        entries = ledger.entries()
        engine = Engine(found.account, ledger, found.case, alert=click.echo)
        for line in lines(engine.look(read_standing(entries)), entries, found.case, datetime.now(UTC)):
            click.echo(line)


@release.command()
@USE_CASE
@VERSION
@WHY
@where
def approve(use_case: str, version: int, why: str, **place: object) -> None:
    """Approve VERSION of USE_CASE. It counts when an approver gave it who neither trained nor deploys it."""
    from govml.release.acts import approve as act

    with opened(use_case, **place) as found:  # type: ignore[arg-type]
        act(found.account, found.case, version, why or "approved")
        click.echo(f"version {version} is Approved; who did it is checked now: `govml release status {use_case}`")


@release.command("sign-off")
@USE_CASE
@VERSION
@click.option("--consumer", metavar="ROLE", help="In whose name; default: the role that you hold.")
@where
def sign_off(use_case: str, version: int, consumer: str | None, **place: object) -> None:
    """Sign VERSION of USE_CASE off as one of its consumers; it is not deployed before all have."""
    from govml.release.acts import sign_off as act

    with opened(use_case, **place) as found:  # type: ignore[arg-type]
        name = consumer or found.role
        act(found.account, found.case, version, name)
        click.echo(f"version {version} is signed off in the name of {name}")


@release.command()
@USE_CASE
@click.option("--version", type=click.IntRange(1), help="The version to give up; default: the live one.")
@WHY
@where
def rollback(use_case: str, version: int | None, why: str, **place: object) -> None:
    """Reject the live version of USE_CASE: the highest version that is still approved takes over."""
    from govml.release.acts import reject

    with opened(use_case, **place) as found:  # type: ignore[arg-type]
        rejected = reject(found.account, found.case, version, why or "rolled back")
        click.echo(f"version {rejected} is Rejected; the version before takes over: `govml release status {use_case}`")


@release.command()
@USE_CASE
@where
def freeze(use_case: str, **place: object) -> None:
    """Stop releases of USE_CASE, at once; a step back is still taken."""
    _mark(use_case, "frozen", "releases are frozen; `govml release unfreeze` opens them", place)


@release.command()
@USE_CASE
@where
def unfreeze(use_case: str, **place: object) -> None:
    """Let releases of USE_CASE go on; what was approved meanwhile is deployed."""
    _mark(use_case, "open", "releases go on", place)


@release.command()
@USE_CASE
@click.option("--yes", is_flag=True, help="Do not ask.")
@where
def retire(use_case: str, yes: bool, **place: object) -> None:
    """End the service of USE_CASE: its endpoint goes, until a version is approved anew."""
    if not yes:
        click.confirm(f"the endpoint of {use_case} is taken away, and callers get errors. Go on?", abort=True)
    _mark(use_case, "retired", "the endpoint is taken away; a new approval brings it back", place)


@release.command()
@USE_CASE
@click.option("--verify", is_flag=True, help="Read all of it afresh, with all versions of its objects.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one entry a line, as it is stored.")
@where
def ledger(use_case: str, verify: bool, as_json: bool, **place: object) -> None:
    """Show the ledger of USE_CASE, oldest entry first. It is checked as it is read."""
    from govml.release.ledger import Ledger
    from govml.release.status import entry_lines

    with opened(use_case, **place) as found:  # type: ignore[arg-type]
        book = Ledger(found.account.client("s3"), found.case.evidence, found.case.slug)
        entries = book.verify() if verify else book.entries()
    for line in (entry.as_bytes().decode().rstrip() for entry in entries) if as_json else entry_lines(entries):
        click.echo(line)
    if verify and not as_json:
        click.echo(f"verified: {len(entries)} entries, each follows from the one before, none was changed or removed")


def _mark(use_case: str, value: str, done: str, place: dict[str, object]) -> None:
    from govml.release.acts import mark

    with opened(use_case, **place) as found:  # type: ignore[arg-type]
        mark(found.account, found.case, value)
        click.echo(f"{use_case}: {done}")


release.add_command(check)
release.add_command(promote)
release.add_command(shared)
