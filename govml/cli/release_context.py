"""The way of `govml release` into an account: AWS with the caller's own credentials, or the local one as anybody."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from govml.cli.use_case import options
from govml.errors import UserError

if TYPE_CHECKING:
    from govml.release.account import Account
    from govml.release.rules import UseCase
    from govml.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
_SESSION = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)  # STS API reference, AssumeRole, `RoleSessionName`


def where(command: F) -> F:
    """Add `--config`, `--environment`, `--local` and `--as` to a command."""
    for option in (
        click.option(
            "--as",
            "acting",
            metavar="ROLE/PERSON",
            help="In the local account only: act as this person, such as approver/lim.",
        ),
        click.option("--local", is_flag=True, help="In the local account instead of AWS."),
    ):
        command = option(command)
    return options(command)


@dataclass(frozen=True)
class Opened:
    """One use case's release, opened for a command.

    Args:
        account: the account, as the caller reaches it.
        case: the use case.
        role: role of the caller, without its path; empty for a caller without one.
    """

    account: Account
    case: UseCase
    role: str


@contextmanager
def opened(name: str, *, config: str, environment: str, local: bool, acting: str | None) -> Iterator[Opened]:
    """Open a use case's release; what AWS refuses while it is open is told without a traceback.

    Raises:
        UserError: agency file, environment, use case or account are wrong, or AWS refuses.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    from govml.release.account import Account
    from govml.release.acts import caller
    from govml.release.transient import error_text
    from govml.settings import load_settings

    settings = load_settings(Path(config))
    expected = settings.environment(environment).account
    _require(settings, config, name)
    client = clients(settings, environment, local=local, acting=acting)
    try:
        account, role = caller(client)
        if account != expected:
            raise UserError(
                f"these credentials are of account {account}, but {config} says {expected} for {environment}",
                hint="sign in to that account, or name another --environment",
            )
        yield Opened(Account(client, account), _case(settings, environment, name, client), role)
    except ClientError as error:
        raise UserError(
            f"{environment} refuses {error.operation_name}: {error_text(error)}",
            hint="docs/release.md says which role does what",
        ) from error
    except BotoCoreError as error:
        raise UserError(f"{environment} cannot be reached: {error}", hint="sign in first, or use --local") from error


def _require(settings: Settings, config: str, name: str) -> None:
    if not settings.switches.release or name not in settings.served:
        known = list(settings.served) if settings.switches.release else []
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"it releases {', '.join(known) or 'none'}"
        raise UserError(f"{config} releases no use case {name}", hint=hint)


def clients(settings: Settings, environment: str, *, local: bool, acting: str | None) -> Callable[[str], Any]:
    """Return what gives boto3's client of a service: with the caller's credentials, or those of the local account.

    Raises:
        UserError: somebody else is to act in AWS, or there is no such person, or no local account.
    """
    if not local:
        if acting:
            raise UserError(
                "--as is for the local account: in AWS you are who you signed in as",
                hint="take the role first, or add --local",
            )
        import boto3

        from govml.release.checks.asking import runtime_settings

        session = boto3.Session(region_name=settings.region)
        # No retries where the load is measured; whatever else is asked keeps the usual ones.
        special = {"sagemaker-runtime": runtime_settings()}
        return lambda service: session.client(service, config=special.get(service))
    from govml.local import connection
    from govml.local.people import acting_as

    here = connection()
    if not acting:
        return here.client
    role, _, person = acting.partition("/")
    if not role or not _SESSION.fullmatch(person):
        raise UserError(
            f"--as {acting}: write ROLE/PERSON, such as approver/lim",
            hint="PERSON takes letters, digits and +=,.@-_, 2 to 64 of them",
        )
    return acting_as(here, role_arn(settings, environment, role), person)


def role_arn(settings: Settings, environment: str, role: str) -> str:
    """Return the ARN of a role for people by its short name, or of another role by its name."""
    from govml.identity.key_users import Where, people_of

    known = people_of(settings, environment).role_arns
    return known.get(role.replace("-", "_")) or Where.of(settings, environment).role(role)


def _case(settings: Settings, environment: str, name: str, client: Callable[[str], Any]) -> UseCase:
    from govml.identity.release_rules import release_rules
    from govml.release.rules import read_use_cases
    from govml.settings.names import Names

    names = Names(settings.agency, environment)
    ssm = client("ssm")

    def bucket(parameter: str) -> str:
        return str(ssm.get_parameter(Name=parameter)["Parameter"]["Value"])

    return read_use_cases(
        release_rules(settings, environment),
        environment=environment,
        prefix=names.prefix,
        evidence=bucket(names.evidence_bucket()),
        artifacts=bucket(names.zone_bucket("artifacts")),
    )[names.slug(name)]
