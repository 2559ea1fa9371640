"""The function: a token for the run only, and a failure that Lambda hears of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from fake_grafana import TOKEN, FakeGrafana, serving

from govml.grafana.publishing import handler, sources
from govml.grafana.publishing.plan import AGENCY_FILE, agency_text
from govml.grafana.publishing.token import ACCOUNT, LIFE_SECONDS

WORKSPACE = "g-0123456789"
ACCOUNTS = "list_workspace_service_accounts"


@pytest.fixture
def server() -> Iterator[FakeGrafana]:
    with serving(FakeGrafana()) as running:
        yield running


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch, server: FakeGrafana, tmp_path: Path) -> Iterator[Stubber]:
    (tmp_path / AGENCY_FILE).write_text(agency_text([], ["a-dev"]))
    monkeypatch.setattr(handler, "FILLED", tmp_path / AGENCY_FILE)
    for name, value in {
        "WORKSPACE_ID": WORKSPACE,
        "URL": server.url,
        "SOURCES": json.dumps([sources.cloudwatch("ap-southeast-1")]),
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("grafana", region_name="ap-southeast-1", aws_access_key_id="x", aws_secret_access_key="x")
    monkeypatch.setattr(boto3, "client", lambda _name: client)
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


def known(stub: Stubber, *names: str) -> None:
    accounts = [
        {"id": str(n), "name": name, "grafanaRole": "ADMIN", "isDisabled": "false"} for n, name in enumerate(names)
    ]
    stub.add_response(ACCOUNTS, {"serviceAccounts": accounts, "workspaceId": WORKSPACE}, {"workspaceId": WORKSPACE})


def token(stub: Stubber, account: str, key: str = TOKEN) -> None:
    who = {"workspaceId": WORKSPACE, "serviceAccountId": account}
    stub.add_response(
        "create_workspace_service_account_token",
        {
            "serviceAccountToken": {"id": "7", "name": "run", "key": key},
            "serviceAccountId": account,
            "workspaceId": WORKSPACE,
        },
        {**who, "name": ANY, "secondsToLive": LIFE_SECONDS},
    )
    stub.add_response("delete_workspace_service_account_token", {"tokenId": "7", **who}, {"tokenId": "7", **who})


def test_it_makes_its_account_once_and_publishes(
    stubbed: Stubber, server: FakeGrafana, caplog: pytest.LogCaptureFixture
) -> None:
    known(stubbed, "somebody")
    stubbed.add_response(
        "create_workspace_service_account",
        {"id": "5", "name": ACCOUNT, "grafanaRole": "ADMIN", "workspaceId": WORKSPACE},
        {"workspaceId": WORKSPACE, "name": ACCOUNT, "grafanaRole": "ADMIN"},
    )
    token(stubbed, "5")
    with caplog.at_level("INFO"):
        done: dict[str, Any] = handler.handle({}, None)
    assert len(done["made"]) == 14
    assert len(server.dashboards) == 8
    assert TOKEN not in caplog.text


def test_it_uses_the_account_that_is_there(stubbed: Stubber) -> None:
    known(stubbed, "somebody", ACCOUNT)
    token(stubbed, "1")
    assert handler.handle({}, None)["problems"] == []


def test_the_token_goes_though_the_run_fails_and_lambda_hears_of_it(stubbed: Stubber, server: FakeGrafana) -> None:
    server.broken["/api/dashboards/db"] = [400]
    known(stubbed, ACCOUNT)
    token(stubbed, "0")
    with pytest.raises(handler.NotPublished, match="made to fail"):
        handler.handle({}, None)
    known(stubbed, ACCOUNT)
    token(stubbed, "0", key="glsa_not-taken")
    with pytest.raises(Exception, match="401"):
        handler.handle({}, None)
