"""What people do to a release, each as one call that CloudTrail records with who made it. Nothing here deploys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from govml.errors import UserError
from govml.release.account import Account
from govml.release.events import APPROVED, MARKER, SIGN_OFF
from govml.release.rules import UseCase

REJECTED = "Rejected"


def approve(account: Account, case: UseCase, version: int, why: str) -> None:
    """Approve a version.

    Raises:
        UserError: there is no such version.
    """
    require_version(account, case, version)
    account.set_status(case.group, version, APPROVED, why)


def reject(account: Account, case: UseCase, version: int | None, why: str) -> int:
    """Reject a version, by default the one that is live, and return it: the release then steps back.

    Raises:
        UserError: there is no such version, or none is live.
    """
    if version is None:
        live = account.stack(case.stack).serving.live
        if live is None or not live.version:
            raise UserError(
                f"{case.stack} serves no version of the registry", hint="name the version to reject: --version N"
            )
        version = live.version
    require_version(account, case, version)
    account.set_status(case.group, version, REJECTED, why)
    return version


def sign_off(account: Account, case: UseCase, version: int, consumer: str) -> None:
    """Sign a version off in the name of a consumer, whose role must make the call.

    Raises:
        UserError: there is no such version, or the consumer signs nothing off.
    """
    if consumer not in case.rules.consumers:
        asked = ", ".join(case.rules.consumers)
        raise UserError(
            f"{consumer} signs no version of {case.slug} off",
            hint=f"sign-offs are asked of {asked}" if asked else "the agency file asks nobody (release.consumers)",
        )
    require_version(account, case, version)
    account.note(case.group, version, {f"{SIGN_OFF}{consumer}": "yes"})


def mark(account: Account, case: UseCase, value: str) -> None:
    """Freeze, open or end the releases of a use case by a mark on its package group."""
    account.mark(case.group, MARKER, value)


def require_version(account: Account, case: UseCase, version: int) -> None:
    """Refuse a version that the registry does not have.

    Raises:
        UserError: it has others, or none.
    """
    known = account.packages(case.group)
    if version not in known:
        listed = ", ".join(str(each) for each in sorted(known)) or "none"
        raise UserError(f"{case.group} has no version {version}", hint=f"it has {listed}")


def caller(client: Callable[[str], Any]) -> tuple[str, str]:
    """Return the account and the role of whoever calls; the role is empty for a caller without one."""
    identity = client("sts").get_caller_identity()
    parts = str(identity["Arn"]).split(":assumed-role/")
    return str(identity["Account"]), parts[1].split("/")[0] if len(parts) == 2 else ""
