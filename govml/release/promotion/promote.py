"""`promote`: takes a model from the environment before, by its digest, and registers it here to be approved.

Whatever is done already is found and left, so a promotion that was killed anywhere is finished by the next one, and one
that is repeated changes nothing. The order makes that safe: bytes first, then the package, the ledger last.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from govml.errors import UserError
from govml.release.entry import Entry, Evidence
from govml.release.ledger import Ledger
from govml.release.promotion.admission import admitting
from govml.release.promotion.copying import Address, copy
from govml.release.promotion.place import Place
from govml.release.promotion.registering import registered, request
from govml.release.standing import TRAINER

_ARCHIVE = "model.tar.gz"


@dataclass(frozen=True)
class Promotion:
    """What a promotion has done, or found done.

    Args:
        package: ARN of the target's package.
        model_digest: SHA-256 of the model archive, hexadecimal.
        image: container image with its digest.
        admitted: the source's entry that let it go.
        new: whether anything was left to do.
    """

    package: str
    model_digest: str
    image: str
    admitted: Entry
    new: bool


def promote(source: Place, target: Place, *, who: str, version: int | None = None) -> Promotion:
    """Promote one version of a use case.

    Args:
        source: environment that it comes from.
        target: environment that it goes to.
        who: the person or role that promotes.
        version: version in the source's registry; None: the latest that may go on.

    Raises:
        UserError: the source's ledger does not let it go, it is not in the source's registry, its bytes are not those
            that were released, or one of the two environments refuses.
    """
    with source.reached():
        ledger = source.ledger()
        entries = ledger.verify()
        admitted = admitting(entries, target=target.environment, version=version)
        package = _package(source, admitted.version)
        names = _released(source, admitted)
    if not admitted.image:
        raise UserError(f"the ledger of {source.environment} tells no image of version {admitted.version}")
    with source.reached(), target.reached():
        documents = [
            *_copied(source, target, admitted, names),
            *_proof(source, target, ledger, admitted),
            *trainers(entries, admitted.model_digest),
        ]
        arn, registers = _register(target, package, admitted, names)
        digest = admitted.model_digest
        entry = target.ledger().append(
            "received",
            environment=target.environment,
            version=int(arn.rsplit("/", 1)[-1]),
            model_digest=digest,
            image=admitted.image,
            who=who,
            why=f"promoted from version {admitted.version} of {source.environment}, which was {admitted.action} there",
            evidence=documents,
            unless=lambda entries: any(
                each.action == "received" and each.model_digest == digest and each.evidence == tuple(documents)
                for each in entries
            ),
        )
    return Promotion(arn, digest, admitted.image, admitted, new=registers or entry is not None)


def trainers(entries: Sequence[Entry], digest: str) -> list[Evidence]:
    """Return who trained a model, as the source's approvals of it say: they do not approve it in the target either."""
    about = [each for entry in entries if entry.model_digest == digest for each in entry.evidence]
    return sorted({each for each in about if each.uri.startswith(TRAINER)}, key=lambda each: each.uri)


def _package(source: Place, version: int) -> dict[str, Any]:
    try:
        described: dict[str, Any] = source.sagemaker.describe_model_package(
            ModelPackageName=source.package_arn(version)
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("ValidationException", "ResourceNotFound"):
            raise
        raise UserError(
            f"the registry of {source.environment} has no version {version} of {source.group_name}",
            hint="versions that were released are never deleted; find out who did",
        ) from error
    return described


def _released(source: Place, admitted: Entry) -> list[str]:
    """Return the names of what was released under the digest: the archive, and `reports/...`."""
    prefix = source.released(admitted.model_digest)
    pages = source.s3.get_paginator("list_objects_v2").paginate(Bucket=source.artifacts, Prefix=prefix)
    names = sorted(item["Key"].removeprefix(prefix) for page in pages for item in page.get("Contents", ()))
    if _ARCHIVE not in names:
        raise UserError(
            f"s3://{source.artifacts}/{prefix}{_ARCHIVE} does not exist, although the ledger says "
            f"that version {admitted.version} was {admitted.action}"
        )
    return names


def _copied(source: Place, target: Place, admitted: Entry, names: Sequence[str]) -> list[Evidence]:
    """Copy the archive, whose digest must be the ledger's, and its reports; return them as evidence."""
    prefix, copied = source.released(admitted.model_digest), []
    for name in names:
        there = Address(target.s3, target.artifacts, f"{prefix}{name}")
        digest = copy(
            Address(source.s3, source.artifacts, f"{prefix}{name}"),
            there,
            expected=admitted.model_digest if name == _ARCHIVE else None,
        )
        copied.append(Evidence(there.uri, digest))
    return copied


def _proof(source: Place, target: Place, ledger: Ledger, admitted: Entry) -> list[Evidence]:
    """Copy the source's entry, and the reports of its checks, to where the target's own people and roles read them."""
    keys = [ledger.key(admitted.sequence)]
    expected: dict[str, str] = {keys[0]: admitted.digest}
    for each in admitted.evidence:
        start = f"s3://{source.evidence}/checks/{source.slug}/"
        if each.uri.startswith(start):
            keys.append(each.uri.removeprefix(f"s3://{source.evidence}/"))
            expected[keys[-1]] = each.sha256
    folder = f"received/{target.slug}/{admitted.model_digest}/{source.environment}"
    proof = []
    for key in keys:
        there = Address(target.s3, target.evidence, f"{folder}/{key}")
        proof.append(Evidence(there.uri, copy(Address(source.s3, source.evidence, key), there, expected=expected[key])))
    return proof


def _register(target: Place, package: dict[str, Any], admitted: Entry, names: Sequence[str]) -> tuple[str, bool]:
    """Return the ARN of the target's package, and whether it was registered now."""
    digest = admitted.model_digest
    known = registered(target, digest)
    if known:
        return known, False
    prefix = target.released(digest)
    card = None
    if "reports/model_card.json" in names:
        key = f"{prefix}reports/model_card.json"
        card = json.loads(target.s3.get_object(Bucket=target.artifacts, Key=key)["Body"].read())
    arguments = request(
        package,
        target=target,
        digest=digest,
        image=admitted.image,
        reports=f"s3://{target.artifacts}/{prefix}reports",
        card=card,
    )
    return str(target.sagemaker.create_model_package(**arguments)["ModelPackageArn"]), True
