"""The retraining handler as a cold start loads it, against an account in memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from retraining_account import RUNTIME, FakeAccount, mode

MODULES = (
    "handler",
    "kept_findings",
    "live_champion",
    "model_look",
    "needed_files",
    "retraining_decision",
    "retraining_request",
)


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch, account: FakeAccount) -> Iterator[Any]:
    """The module as a cold start loads it."""
    monkeypatch.syspath_prepend(str(RUNTIME))
    for name in MODULES:
        sys.modules.pop(name, None)
    import handler as module  # type: ignore[import-not-found]

    monkeypatch.setenv("PREFIX", "mini-dev")
    monkeypatch.setenv("ALERTS", "arn:topic")
    monkeypatch.setenv("EVIDENCE", "evidence")
    mode(monkeypatch, "automatic")
    monkeypatch.setattr(module, "_client", lambda _service: account)
    yield module
    for name in MODULES:
        sys.modules.pop(name, None)
