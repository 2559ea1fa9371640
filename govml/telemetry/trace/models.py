"""The second half of a trace: the model that answered, who approved it, and the run that trained it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from govml.release.account import Account
from govml.release.entry import Entry

#: What the ledger tells of how a version came to answer.
_TOLD = ("received", "signed-off", "approved", "deployed")
_GONE = ("ResourceNotFound", "ValidationException")


@dataclass(frozen=True)
class Run:
    """A pipeline execution.

    Args:
        arn: its ARN.
        status: its status; empty where it is in another account, ran on a laptop, or is long gone.
        started: when it was started.
        code: the code archive that it ran.
        dataset: what it was trained on.
    """

    arn: str
    status: str
    started: str
    code: str
    dataset: str


@dataclass(frozen=True)
class Model:
    """A model version.

    Args:
        version: its number in the registry.
        digest: SHA-256 of its archive, by the ledger; empty where the ledger does not say.
        entries: what the ledger tells of it, oldest first.
        run: the run that trained it; None where no pipeline did.
    """

    version: int
    digest: str
    entries: tuple[Entry, ...]
    run: Run | None


def find_version(entries: Sequence[Entry], told: str | None, at: datetime) -> int:
    """Return which version answered: as its container said, else the last one that was deployed before; 0: none was."""
    if told and told.isdecimal():
        return int(told)
    deployed = [each.version for each in entries if each.action == "deployed" and each.at <= _text(at)]
    return deployed[-1] if deployed else 0


def find_model(account: Account, group: str, entries: Sequence[Entry], version: int, at: datetime) -> Model:
    """Return a version with its story up to a time.

    Args:
        account: the account.
        group: model package group.
        entries: the ledger.
        version: number of the version.
        at: time of the request.

    Raises:
        ClientError: the registry does not know it, or the caller may not look.
    """
    own = [each for each in entries if each.version == version and each.at <= _text(at) and each.action in _TOLD]
    digest = next((each.model_digest for each in reversed(own) if each.model_digest), "")
    return Model(version, digest, tuple(own), _run(account, group, version))


def _run(account: Account, group: str, version: int) -> Run | None:
    described = account.described(group, version)
    notes = described.get("CustomerMetadataProperties") or {}
    arn = described.get("MetadataProperties", {}).get("GeneratedBy") or notes.get("PipelineExecution", "")
    if "/execution/" not in arn:
        return None
    told: dict[str, Any] = {}
    if f":{account.account}:" in arn:  # that of a promoted version is in another account
        try:
            told = account.client("sagemaker").describe_pipeline_execution(PipelineExecutionArn=arn)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _GONE:
                raise
    started = told.get("CreationTime")
    return Run(
        arn=arn,
        status=str(told.get("PipelineExecutionStatus", "")),
        started=_text(started) if isinstance(started, datetime) else "",
        code=str(notes.get("CodeArchive", "")),
        dataset=str(notes.get("DatasetUri", "")),
    )


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
