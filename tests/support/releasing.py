"""An engine over an account in memory, and how a test drives it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from release_account import ACCOUNT, ARTIFACTS, EVIDENCE, PREFIX, SLUG, TICK, ReleaseAccount

from govml.release.account import Account
from govml.release.engine import Engine
from govml.release.entry import Entry
from govml.release.events import read_event
from govml.release.ledger import Ledger
from govml.release.rules import Rules, UseCase
from govml.release.steps import Rest

RULES = Rules(approvers=("mini-dev.approver",), operators=("mini-dev.ml-engineer",), deployers=("goh",))
CASE = UseCase(slug=SLUG, environment="dev", prefix=PREFIX, evidence=EVIDENCE, artifacts=ARTIFACTS, rules=RULES)


class Release:
    """The release of one use case in an account in memory."""

    def __init__(self, account: ReleaseAccount | None = None, **rules: Any) -> None:
        self.account = account or ReleaseAccount()
        self.case = replace(CASE, rules=replace(RULES, **rules))
        self.alerts: list[str] = []

    def handle(self, event: dict[str, Any] = TICK) -> Rest:
        """Handle one event as a fresh process does."""
        hint = read_event(event)
        assert hint is not None
        return self.engine().reconcile(hint.claims)

    def engine(self) -> Engine:
        ledger = Ledger(self.account.client("s3"), EVIDENCE, SLUG, now=self.account.now)
        account = Account(self.account.client, ACCOUNT)
        return Engine(account, ledger, self.case, alert=self.alerts.append, now=self.account.now)

    def deliver(self, events: Iterable[dict[str, Any]] | None = None) -> None:
        """Handle events, by default all that the account has; stacks come to their end, and their events too."""
        todo = list(events) if events is not None else self.taken()
        for event in todo:
            self.handle(event)
        self.come_to_rest()

    def taken(self) -> list[dict[str, Any]]:
        events, self.account.events = self.account.events, []
        return events

    def come_to_rest(self) -> Rest:
        for _ in range(10):
            rest = self.handle()
            if not self.account.status.endswith("IN_PROGRESS"):
                return rest
            self.account.pass_time()
            self.account.settle()
        raise AssertionError("the stack never rests")

    def ledger(self) -> tuple[Entry, ...]:
        return Ledger(self.account.client("s3"), EVIDENCE, SLUG).verify()

    def told(self) -> list[tuple[str, int]]:
        return [(each.action, each.version) for each in self.ledger()]


def with_live_version(**rules: Any) -> Release:
    """Return a release whose version 1 is live, with versions 2 and 3 waiting."""
    release = Release(**rules)
    for version in (1, 2, 3):
        release.account.register(version)
    for consumer in release.case.rules.consumers:
        release.account.sign_off(1, consumer)
    release.account.pass_time()
    release.account.approve(1)
    release.deliver()
    assert release.account.live == "1"
    release.taken()
    release.account.pass_time()
    return release
