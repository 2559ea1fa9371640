"""Environments as a promotion and its checks reach them, from the agency file and an opened release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govml.errors import UserError

if TYPE_CHECKING:
    from govml.cli.release_context import Opened
    from govml.release.promotion.place import Place
    from govml.settings import Settings


def caller_label(found: Opened) -> str:
    """Return who calls, as a ledger writes it: `person (role)`."""
    from govml.release.identity import from_user_context

    arn = found.account.client("sts").get_caller_identity()["Arn"]
    return from_user_context({"IamIdentity": {"Arn": arn}}).label


def own_place(found: Opened, settings: Settings) -> Place:
    """Return the environment that a command opened."""
    from govml.release.promotion.place import Place

    case = found.case
    return Place(
        environment=case.environment,
        slug=case.slug,
        s3=found.account.client("s3"),
        sagemaker=found.account.client("sagemaker"),
        artifacts=case.artifacts,
        evidence=case.evidence,
        group=f"arn:aws:sagemaker:{settings.region}:{found.account.account}:model-package-group/{case.group}",
    )


def source_place(found: Opened, settings: Settings, source: str) -> Place:
    """Return the environment that an opened one takes models from, reached with the same credentials.

    Raises:
        UserError: the file has no such environment, or does not say what it shares with another account.
    """
    from govml.release.promotion.place import Place
    from govml.settings.names import Names

    names, environment = Names(settings.agency, source), settings.environment(source)
    if environment.account == found.account.account:
        ssm = found.account.client("ssm")
        artifacts, evidence = (
            str(ssm.get_parameter(Name=name)["Parameter"]["Value"])
            for name in (names.zone_bucket("artifacts"), names.evidence_bucket())
        )
    elif environment.shared is None:
        raise UserError(
            f"the agency file does not say what {source} shares: it is in another account, {environment.account}",
            hint=f"add what `govml release shared --environment {source}` prints there, and deploy",
        )
    else:
        artifacts, evidence = environment.shared.artifacts_bucket, environment.shared.evidence_bucket
    group = f"{names.prefix}-{found.case.slug}"
    return Place(
        environment=source,
        slug=found.case.slug,
        s3=found.account.client("s3"),
        sagemaker=found.account.client("sagemaker"),
        artifacts=artifacts,
        evidence=evidence,
        group=f"arn:aws:sagemaker:{settings.region}:{environment.account}:model-package-group/{group}",
    )
