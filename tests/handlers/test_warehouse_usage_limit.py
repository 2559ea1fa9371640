"""Setting `warehouse_usage_limit`, against the service's own request shapes: made once, changed, never doubled, left in place."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

RUNTIME = Path(__file__).resolve().parents[2] / "constructs/govml_constructs/account_setting/runtime"
WORKGROUP = "arn:aws:redshift-serverless:ap-southeast-1:111122223333:workgroup/11111111-2222-3333-4444-555555555555"
PROPERTIES = {"WorkgroupArn": WORKGROUP, "RpuHoursPerDay": "24"}
ASKED = {"resourceArn": WORKGROUP, "usageType": "serverless-compute"}


@pytest.fixture
def setting() -> ModuleType:
    spec = importlib.util.spec_from_file_location("warehouse_usage_limit", RUNTIME / "warehouse_usage_limit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Any:
    client = boto3.client("redshift-serverless", region_name="ap-southeast-1")
    monkeypatch.setattr(boto3, "client", lambda _: client)
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


def test_a_workgroup_without_a_limit_gets_one(setting: ModuleType, service: Stubber) -> None:
    monthly = {"usageLimitId": "m", "period": "monthly"}
    service.add_response("list_usage_limits", {"usageLimits": [monthly]}, ASKED)
    service.add_response(
        "create_usage_limit", {}, {**ASKED, "amount": 24, "period": "daily", "breachAction": "deactivate"}
    )
    setting.apply(PROPERTIES)


def test_the_limit_that_is_there_is_changed_wherever_it_is_listed(setting: ModuleType, service: Stubber) -> None:
    service.add_response(
        "list_usage_limits",
        {"usageLimits": [{"usageLimitId": "m", "period": "monthly"}], "nextToken": "next-page"},
        ASKED,
    )
    service.add_response(
        "list_usage_limits",
        {"usageLimits": [{"usageLimitId": "d", "period": "daily"}]},
        {**ASKED, "nextToken": "next-page"},
    )
    service.add_response("update_usage_limit", {}, {"usageLimitId": "d", "amount": 24, "breachAction": "deactivate"})
    setting.apply(PROPERTIES)


def test_its_identity_is_the_workgroup_s_and_it_is_left_in_place(setting: ModuleType, service: Stubber) -> None:
    assert setting.physical_id(PROPERTIES) == setting.physical_id({**PROPERTIES, "RpuHoursPerDay": "48"})
    assert setting.physical_id(PROPERTIES) != setting.physical_id({**PROPERTIES, "WorkgroupArn": "other"})
    setting.remove(PROPERTIES)  # no call
