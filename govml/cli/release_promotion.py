"""`govml release promote` and `shared`: models from one environment to the next, and what the next one has to know."""

from __future__ import annotations

from pathlib import Path

import click

from govml.cli.release_context import opened, where
from govml.cli.use_case import options
from govml.errors import UserError


@click.command()
@click.argument("use_case")
@click.option("--from", "source", metavar="ENVIRONMENT", help="Where it comes from; default: the agency file says.")
@click.option("--version", type=click.IntRange(1), help="Version in the source; default: the latest that may go on.")
@where
def promote(
    use_case: str, source: str | None, version: int | None, config: str, environment: str, **how: object
) -> None:
    """Take a model of USE_CASE into --environment, by its digest: nothing is built again.

    dev to uat takes what dev deployed, uat to prod what uat tested. It waits there for its own approval.
    """
    from govml.cli.release_places import caller_label, own_place, source_place
    from govml.release.promotion.promote import promote as act
    from govml.settings import load_settings
    from govml.settings.promotion import promotion_source

    settings = load_settings(Path(config))
    with opened(use_case, config=config, environment=environment, **how) as found:  # type: ignore[arg-type]
        usual = promotion_source(settings, use_case, environment)
        if usual is None:
            raise UserError(f"{environment} is the first environment: its models are trained in it")
        if source not in (None, usual):
            raise UserError(
                f"{environment} takes models of {use_case} from {usual}, not from {source}",
                hint=f"change use_cases.{use_case}.release.promote_from, and deploy both environments",
            )
        done = act(
            source_place(found, settings, usual), own_place(found, settings), who=caller_label(found), version=version
        )
    said = "was promoted" if done.new else "had been promoted already"
    click.echo(f"version {done.admitted.version} of {usual} {said}: {done.package}")
    click.echo(f"  model  sha256:{done.model_digest}")
    click.echo(f"  image  {done.image}")
    number = done.package.rsplit("/", 1)[-1]
    click.echo(f"it waits for approval: `govml release approve {use_case} {number} --environment {environment}`")


@click.command()
@options
@click.option("--local", is_flag=True, help="In the local account instead of AWS.")
def shared(config: str, environment: str, local: bool) -> None:
    """Print what the agency file must say of --environment, so that an environment of another account reads from it."""
    from botocore.exceptions import BotoCoreError, ClientError

    from govml.cli.release_context import clients
    from govml.settings import load_settings
    from govml.settings.names import Names

    settings = load_settings(Path(config))
    settings.environment(environment)
    names, client = Names(settings.agency, environment), clients(settings, environment, local=local, acting=None)
    try:
        ssm, kms = client("ssm"), client("kms")
        values = {
            "artifacts_bucket": ssm.get_parameter(Name=names.zone_bucket("artifacts"))["Parameter"]["Value"],
            "evidence_bucket": ssm.get_parameter(Name=names.evidence_bucket())["Parameter"]["Value"],
            "ml_key": kms.describe_key(KeyId=f"alias/{names.prefix}-ml")["KeyMetadata"]["Arn"],
            "logs_key": kms.describe_key(KeyId=f"alias/{names.prefix}-logs")["KeyMetadata"]["Arn"],
        }
    except (ClientError, BotoCoreError) as error:
        raise UserError(
            f"{environment} cannot be read: {error}", hint="sign in to its account, and deploy its stacks first"
        ) from error
    click.echo(f"environments:\n  {environment}:\n    shared:")
    for name, value in values.items():
        click.echo(f"      {name}: {value}")
