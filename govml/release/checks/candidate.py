"""What is tested: the model on the endpoint that is not decided on yet, and the champion that it is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from botocore.exceptions import ClientError

from govml.errors import UserError
from govml.release.checks.known_answers import KnownAnswers, parse_known
from govml.release.entry import Entry
from govml.release.promotion.place import Place
from govml.release.state import Serving, Variant

LIVE, CHALLENGER = "live", "challenger"
"""Names of the endpoint's variants."""


@dataclass(frozen=True)
class Candidate:
    """What is tested.

    Args:
        model: the model.
        asked: the variant that is asked for it; None: the endpoint has no other.
        beside: the model that takes the traffic beside it, whose answers come from the variant `live`; or None.
        former: the deployment of the model that was live before it, where there is nothing beside it; or None.
    """

    model: Variant
    asked: str | None = None
    beside: Variant | None = None
    former: Entry | None = None


def candidate_of(serving: Serving, entries: Sequence[Entry], *, shadow: bool) -> Candidate:
    """Return what is tested: the challenger where there is one, else the live model.

    Args:
        serving: what the serving stack serves.
        entries: the ledger, oldest first.
        shadow: a challenger gets copies of requests and answers nobody.

    Raises:
        UserError: no version is served, or the challenger cannot be asked.
    """
    if serving.challenger and serving.live:
        if shadow:
            raise UserError(
                "the challenger is a shadow variant: SageMaker lets nobody ask one",
                hint="compare what it captured, or set endpoint.challenger.kind to ab",
            )
        return Candidate(serving.challenger, CHALLENGER, beside=serving.live)
    live = serving.live
    if live is None or not live.version:
        raise UserError("no version of the registry is served yet", hint="approve one: `govml release status`")
    before = [entry for entry in entries if entry.action == "deployed" and entry.model_digest != live.digest]
    return Candidate(live, former=before[-1] if before else None)


def known_answers(place: Place, digest: str) -> KnownAnswers | None:
    """Return the known answers of a released model, or None where it was released without any.

    Args:
        place: the environment.
        digest: SHA-256 of the model archive, hexadecimal.

    Raises:
        UserError: they are of another form.
        ClientError: S3 refuses.
    """
    key = f"{place.released(digest)}reports/known_answers.json"
    try:
        content = place.s3.get_object(Bucket=place.artifacts, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchKey":
            raise
        return None
    return parse_known(content, source=f"s3://{place.artifacts}/{key}")
