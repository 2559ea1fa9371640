"""`govml release check`: is what is deployed what was tested, no worse than the champion, and quick enough?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from govml.cli.release_context import opened, where
from govml.cli.use_case import exit_on_failure
from govml.errors import UserError

if TYPE_CHECKING:
    from govml.release.checks.known_answers import KnownAnswers


@click.command()
@click.argument("use_case")
@click.option(
    "--rows",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Known answers of your own; default: the released ones.",
)
@click.option("--rate", type=click.FloatRange(0.1, 10_000), default=50.0, show_default=True, help="Requests a second.")
@click.option("--seconds", type=click.FloatRange(0.1, 3600), default=20.0, show_default=True, help="How long.")
@where
def check(
    use_case: str, *, rows: Path | None, rate: float, seconds: float, config: str, environment: str, **how: object
) -> None:
    """Check the deployed model of USE_CASE: its answers, A/B against the champion, load. The ledger tells the outcome.

    Limits are those of the agency file: `acceptance` and `endpoint.alarms`. The exit code is 1 where a check fails.
    """
    from datetime import UTC, datetime

    from govml.cli.release_places import caller_label, own_place
    from govml.release.checks.asking import Endpoint
    from govml.release.checks.candidate import candidate_of, known_answers
    from govml.release.checks.evidence import keep
    from govml.release.checks.load import Plan
    from govml.release.checks.run import Checks, require_rows
    from govml.release.checks.run import check as act
    from govml.release.verdict import passed
    from govml.settings import load_settings
    from govml.settings.names import Names

    settings = load_settings(Path(config))
    with opened(use_case, config=config, environment=environment, **how) as found:  # type: ignore[arg-type]
        served, place = settings.served[use_case], own_place(found, settings)
        if served.kind == "asynchronous":
            raise UserError(f"{use_case} is asynchronous: it is asked through S3, which these checks do not do")
        serving = found.account.stack(found.case.stack).serving
        subject = candidate_of(serving, place.ledger().entries(), shadow=served.challenger.kind == "shadow")
        known = _file(rows) if rows else require_rows(known_answers(place, subject.model.digest), subject.model.version)
        checks = Checks(
            subject=subject,
            known=known,
            champion=known_answers(place, subject.former.model_digest) if subject.former else None,
            criteria={name: bound.as_json() for name, bound in settings.use_cases[use_case].acceptance.items()},
            plan=Plan(rate, seconds, served.alarms.p99_ms, served.alarms.error_percent),
        )
        name = Names(settings.agency, environment).endpoint(use_case)
        runtime = found.account.client("sagemaker-runtime")
        click.echo(f"version {subject.model.version} of {use_case} in {environment}, on {len(known.rows)} known rows")
        outcomes = act(checks, lambda variant: Endpoint(runtime, name, variant), tell=click.echo)
        who = caller_label(found)
        entry = keep(place, subject.model, outcomes, endpoint=name, who=who, now=datetime.now(UTC))
    click.echo(
        f"ledger      {entry.sequence}: tested, {'passed' if passed(entry) else 'FAILED'}; {entry.evidence[0].uri}"
    )
    exit_on_failure(not passed(entry))


def _file(path: Path) -> KnownAnswers:
    from govml.release.checks.known_answers import parse_known

    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
    return parse_known(content, source=str(path))
