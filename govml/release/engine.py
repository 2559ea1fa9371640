"""`reconcile`: look, decide, take one step, look again, until there is nothing to do."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from botocore.exceptions import ClientError

from govml.release.account import Account
from govml.release.artifacts import ArtifactError, keep_baseline, read_archive, release_archive, resolve_image
from govml.release.bundle.cards import give_cards
from govml.release.bundle.keeping import keep_bundles, keep_reports
from govml.release.bundle.make import live_version
from govml.release.decide import decide, token
from govml.release.entry import Entry, Evidence
from govml.release.events import APPROVED, Claim
from govml.release.ledger import Ledger
from govml.release.live_rows import keep_live_rows
from govml.release.rules import UseCase
from govml.release.standing import TRAINER, Standing, read_standing
from govml.release.state import Package, State
from govml.release.steps import Approve, Cancel, Deploy, Record, Rest, SetBack, Step
from govml.release.transient import error_code, error_text, is_passing

_LOG = logging.getLogger(__name__)
_PENDING = "PendingManualApproval"
_MOST_STEPS = 50


class Engine:
    """The release of one use case.

    Two may run at once, in a function and in a command line: whoever writes the next entry of the ledger goes on, and the
    other looks again. CloudFormation knows an update by its token, which is the same for both.

    Args:
        account: the environment's account.
        ledger: the use case's ledger.
        use_case: where, and by which rules.
        alert: tells the alert topic; it may be told twice, but not never.
        now: the time; a test gives its own.
    """

    def __init__(
        self,
        account: Account,
        ledger: Ledger,
        use_case: UseCase,
        *,
        alert: Callable[[str], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._account, self._ledger, self._case = account, ledger, use_case
        self._alert, self._now = alert, now

    def reconcile(self, claims: Iterable[Claim] = ()) -> Rest:
        """Take every step that is due, and return why there is none more.

        Args:
            claims: approvals and sign-offs that events told of.

        Raises:
            ClientError, HTTPClientError: AWS failed; nothing is lost, and the same call may be made again.
            LedgerError: the ledger is damaged.
        """
        told = tuple(claims)
        for _ in range(_MOST_STEPS):
            entries = self._ledger.entries()
            state = self.look(read_standing(entries), told)
            step = decide(state, entries, told, use_case=self._case, now=self._now())
            _LOG.info("%s: %s", self._case.slug, step)
            if isinstance(step, Rest):
                return step
            self._take(step, entries)
        raise RuntimeError(f"{self._case.slug}: no rest after {_MOST_STEPS} steps")

    def keep_bundles(self) -> None:
        """Keep the approval bundle of each version that waits for a decision.

        Raises:
            ClientError: AWS failed; the next call makes what is missing.
        """
        packages, number = self._account.packages(self._case.group), self._account.account
        keep_bundles(self._account.client, self._case, self._ledger.entries(), packages=packages, account=number)

    def give_cards(self) -> None:
        """Give each version that waits for a decision its card.

        Raises:
            ClientError: AWS failed; the next call gives what is missing.
        """
        group, client = self._case.group, self._account.client
        give_cards(
            client("sagemaker"),
            client("s3"),
            packages=self._account.packages(group),
            group_arn=self._account.group_arn(group),
            live=live_version(self._ledger.entries()),
        )

    def keep_live_rows(self) -> None:
        """Keep what the canary asks of the version that is live.

        Raises:
            ClientError: AWS failed; the next call writes what is missing.
        """
        keep_live_rows(self._account.client("s3"), self._case, self._ledger.entries())

    def look(self, standing: Standing, claims: Sequence[Claim] = ()) -> State:
        """Return the account as it is, as far as a decision needs it."""
        packages: dict[int, Package] = {}
        claimed = {claim.version for claim in claims if claim.uri not in standing.events}
        for number, status in self._account.packages(self._case.group).items():
            agreed = (status == APPROVED) == bool(standing.version(number).approval)
            if agreed and number not in claimed:
                packages[number] = Package(number, status)
            else:
                packages[number] = self._account.package(self._case.group, number, with_trainers=number in claimed)
        since = standing.deploying.at if standing.deploying else ""
        stack = self._account.stack(self._case.stack, tokens_since=since)
        return State(self._account.account, packages, stack, self._account.marker(self._case.group))

    def _take(self, step: Step, entries: Sequence[Entry]) -> None:
        if isinstance(step, Approve):
            self._approve(step, entries)
        elif isinstance(step, Record):
            self._record(step, entries)
        elif isinstance(step, SetBack):
            why = "the release ledger holds no approval that counts"
            self._account.set_status(self._case.group, step.version, _PENDING, why)
        elif isinstance(step, Cancel):
            self._account.cancel_update(self._case.stack, f"{token(self._case, step.deploying)}-stop")
        elif isinstance(step, Deploy):
            self._deploy(step, entries)

    def _approve(self, step: Approve, entries: Sequence[Entry]) -> None:
        """Write down the approval, with the digests of what the package holds at this time."""
        claim = step.claim
        evidence = (Evidence(claim.uri), *(Evidence(f"{TRAINER}{name}") for name in step.trainers))
        record = Record("approved", claim.version, "approved in the registry", claim.who.label, evidence)
        try:
            contents = self._account.contents(self._case.group, claim.version)
            image = resolve_image(self._account.client("ecr"), contents.image, contents.image_digest)
            archive = read_archive(self._account.client("s3"), contents.model_data)
            if archive is None:
                raise ArtifactError(f"{contents.model_data} does not exist")
        except ArtifactError as error:
            self._record(replace(record, action="refused", why=f"{error}", alert=True), entries)
            return
        self._append(record, entries, model_digest=archive.digest, image=image)

    def _record(self, step: Record, entries: Sequence[Entry]) -> None:
        if step.alert:
            self._alert(f"{self._case.group} version {step.version}: {step.action}. {step.why}")
        about = step.about
        self._append(
            step, entries, model_digest=about.model_digest if about else "", image=about.image if about else ""
        )

    def _deploy(self, step: Deploy, entries: Sequence[Entry]) -> None:
        """Bring the archive to its place, write the intent down, and hand it to CloudFormation, in this order."""
        variant = next((each for each in (step.target.challenger, step.target.live) if each), None)
        intent = Record("deploying", step.version, step.why, "", (Evidence(step.target.label),))
        digest, image = (variant.digest, variant.image) if variant and step.version else ("", "")
        deploying = step.resumed
        try:
            if variant and step.version:
                contents, s3 = self._account.contents(self._case.group, step.version), self._account.client("s3")
                release_archive(s3, contents.model_data, variant.model_data, digest=digest)
                keep_baseline(s3, contents.baseline, variant.model_data)
                keep_reports(s3, self._account.described(self._case.group, step.version), self._case, digest)
            deploying = deploying or self._append(intent, entries, model_digest=digest, image=image)
            if deploying:
                self._account.update_stack(self._case.stack, step.target.parameters(), token(self._case, deploying))
        except (ArtifactError, ClientError) as error:
            self._failed(error, replace(intent, action="failed", alert=True), deploying)

    def _failed(self, error: ArtifactError | ClientError, record: Record, deploying: Entry | None) -> None:
        if isinstance(error, ClientError):
            if error_code(error) == "TokenAlreadyExistsException":
                return  # CloudFormation has this update already
            if is_passing(error) or "_IN_PROGRESS state" in error_text(error):
                raise error
        why = error_text(error) if isinstance(error, ClientError) else str(error)
        self._record(replace(record, why=why, about=deploying), self._ledger.entries())

    def _append(self, record: Record, entries: Sequence[Entry], *, model_digest: str, image: str) -> Entry | None:
        """Write an entry, unless another writer was faster: then this step was decided on what is no longer so."""
        return self._ledger.append(
            record.action,
            environment=self._case.environment,
            version=record.version,
            model_digest=model_digest,
            image=image,
            who=record.who or "release",
            why=record.why,
            evidence=record.evidence,
            unless=lambda standing: len(standing) != len(entries),
        )
