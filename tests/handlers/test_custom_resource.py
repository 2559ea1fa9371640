"""The entry point of the custom-resource function: CloudFormation is answered, whatever happens."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError

import pytest

RUNTIME = Path(__file__).resolve().parents[2] / "constructs" / "govml_constructs" / "account_setting" / "runtime"
Function = Callable[[str], Callable[[dict[str, Any]], None]]
Event = Callable[..., dict[str, Any]]


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A setting that keeps what it is asked, in the place of a real one."""
    calls: list[tuple[str, dict[str, str]]] = []

    def apply(properties: dict[str, str]) -> None:
        calls.append(("apply", properties))
        if properties.get("Fail"):
            raise RuntimeError(properties["Fail"])

    fake = SimpleNamespace(
        calls=calls,
        physical_id=lambda properties: f"toy/{properties['Name']}",
        apply=apply,
        remove=lambda properties: calls.append(("remove", properties)),
    )
    monkeypatch.setitem(sys.modules, "toy", fake)  # type: ignore[arg-type]  # a namespace will do for a module
    return fake


def answer(cloudformation: Any) -> dict[str, Any]:
    ((_, body),) = cloudformation.received
    return dict(body)


def test_a_create_applies_the_setting_and_answers(
    function: Function, event: Event, cloudformation: Any, setting: SimpleNamespace
) -> None:
    function("toy")(event("Create", {"Name": "a"}))
    assert setting.calls == [("apply", {"Name": "a"})]
    assert answer(cloudformation) == {
        "Status": "SUCCESS",
        "Reason": "",
        "PhysicalResourceId": "toy/a",
        "StackId": "arn:aws:cloudformation:ap-southeast-1:123456789012:stack/s/1",
        "RequestId": "request-1",
        "LogicalResourceId": "Setting",
    }


def test_the_answer_has_no_content_type(
    function: Function, event: Event, cloudformation: Any, setting: SimpleNamespace
) -> None:
    function("toy")(event("Create", {"Name": "a"}))
    ((headers, _),) = cloudformation.received
    assert headers.get("Content-Type", "") == ""  # the pre-signed URL was signed without one


def test_an_update_to_another_name_makes_another_resource(
    function: Function, event: Event, cloudformation: Any, setting: SimpleNamespace
) -> None:
    function("toy")(event("Update", {"Name": "b"}, "toy/a"))
    assert setting.calls == [("apply", {"Name": "b"})]
    assert answer(cloudformation)["PhysicalResourceId"] == "toy/b"


def test_a_delete_removes_the_setting_under_its_own_id(
    function: Function, event: Event, cloudformation: Any, setting: SimpleNamespace
) -> None:
    function("toy")(event("Delete", {"Name": "a"}, "toy/a"))
    assert setting.calls == [("remove", {"Name": "a"})]
    assert answer(cloudformation)["Status"] == "SUCCESS"
    assert answer(cloudformation)["PhysicalResourceId"] == "toy/a"


def test_a_failure_is_answered_with_its_reason_and_log(
    function: Function, event: Event, cloudformation: Any, setting: SimpleNamespace
) -> None:
    function("toy")(event("Create", {"Name": "a", "Fail": "no such group"}))
    body = answer(cloudformation)
    assert (body["Status"], body["PhysicalResourceId"]) == ("FAILED", "toy/a")
    assert body["Reason"] == "RuntimeError: no such group (log stream 2026/11/21/[$LATEST]abc)"


def test_a_long_reason_stays_within_cloudformation_s_limit(
    function: Function, event: Event, cloudformation: Any, setting: SimpleNamespace
) -> None:
    function("toy")(event("Create", {"Name": "a", "Fail": "x" * 10_000}))
    assert len(answer(cloudformation)["Reason"]) == 1000


def test_a_create_that_failed_before_it_had_an_id_can_be_deleted(
    function: Function, event: Event, cloudformation: Any, setting: SimpleNamespace
) -> None:
    function("toy")(event("Create", {}))
    failed = answer(cloudformation)
    assert (failed["Status"], failed["PhysicalResourceId"]) == ("FAILED", "Setting")
    cloudformation.received.clear()
    function("toy")(event("Delete", {}, failed["PhysicalResourceId"]))
    assert answer(cloudformation)["Status"] == "SUCCESS"
    assert answer(cloudformation)["PhysicalResourceId"] == "Setting"


@pytest.mark.parametrize("missing", ["ResourceProperties", "RequestType"])
def test_an_event_that_lacks_a_part_is_answered_failed(
    function: Function, event: Event, cloudformation: Any, setting: SimpleNamespace, missing: str
) -> None:
    broken = event("Create", {"Name": "a"})
    del broken[missing]
    function("toy")(broken)
    assert answer(cloudformation)["Status"] == "FAILED"
    assert f"KeyError: '{missing}'" in answer(cloudformation)["Reason"]


def test_an_unknown_setting_is_answered_failed(function: Function, event: Event, cloudformation: Any) -> None:
    function("no_such_setting")(event("Create", {}))
    assert answer(cloudformation)["Status"] == "FAILED"
    assert "no_such_setting" in answer(cloudformation)["Reason"]


def test_an_answer_that_is_not_taken_fails_the_call_so_that_lambda_tries_again(
    function: Function, event: Event, cloudformation: Any, setting: SimpleNamespace
) -> None:
    cloudformation.answers.append(503)
    with pytest.raises(HTTPError):
        function("toy")(event("Create", {"Name": "a"}))


def test_the_code_loads_without_the_cdk_side() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import handler, default_security_group, model_invocation_logging\n"
        "heavy = {'aws_cdk', 'constructs', 'govml_constructs', 'govml', 'stacks', 'jsii'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code, str(RUNTIME)], check=True, cwd=RUNTIME)
