"""Where answers come from: the account, an export file, and the script that makes one."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import NoCredentialsError
from click.testing import CliRunner, Result
from partly_faked import BOUNDARY, NOT_IN_MOTO, REGION, Session, refused

from govml.cli.preflight import preflight
from govml.errors import UserError
from govml.preflight.account import AccountSource
from govml.preflight.export import ExportSource, export_script
from govml.preflight.plan import Plan
from govml.preflight.question import ask
from govml.preflight.run import all_questions, run

QUESTION = ask("iam", "list-policies", Scope="Local")


@pytest.fixture
def command(config: Path, assembly: Path) -> Callable[..., Result]:
    def _command(*arguments: object) -> Result:
        fixed = ["--config", str(config), "--assembly", str(assembly)]
        return CliRunner().invoke(preflight, [*fixed, *(str(argument) for argument in arguments)])

    return _command


@pytest.fixture
def export(prepared: None, plan: Plan) -> dict[str, Any]:
    """What the script would have printed for the prepared account."""
    source = AccountSource(region=REGION, session=Session(NOT_IN_MOTO))
    answers = {question.key: source.answer(question) for question in all_questions(plan)}
    whole = {key: answer.data or {"error": answer.error} for key, answer in answers.items()}
    return dict(json.loads(json.dumps(whole, default=str)))


def test_an_export_leads_to_the_same_results_as_the_account(
    export: dict[str, Any], plan: Plan, tmp_path: Path, command: Callable[..., Result]
) -> None:
    path = tmp_path / "account.json"
    path.write_text(json.dumps(export))
    assert run(plan, ExportSource(path)) == run(plan, AccountSource(region=REGION, session=Session(NOT_IN_MOTO)))
    result = command("--from-export", path)
    assert result.exit_code == 0, result.output
    assert "0 fail, 0 unknown" in result.output


def test_a_failure_ends_with_1_and_says_how_to_mend_it(
    export: dict[str, Any], tmp_path: Path, command: Callable[..., Result]
) -> None:
    path = tmp_path / "account.json"
    path.write_text(json.dumps({**export, QUESTION.key: {"Policies": []}}))
    result = command("--from-export", path)
    assert result.exit_code == 1
    assert f"{BOUNDARY}: no policy" in result.output
    assert "-> correct iam.permissions_boundary" in result.output
    told = json.loads(command("--from-export", path, "--json").output)
    assert told["counts"]["fail"] == 1
    (failed,) = [each for each in told["results"] if each["status"] == "fail"]
    assert failed["check"] == "boundary"
    assert failed["hint"]


def test_what_an_export_lacks_is_unknown(
    export: dict[str, Any], tmp_path: Path, command: Callable[..., Result]
) -> None:
    path = tmp_path / "account.json"
    path.write_text(json.dumps({"sts get-caller-identity": export["sts get-caller-identity"]}))
    result = command("--from-export", path)
    assert result.exit_code == 0
    assert "NotInExport" in result.output


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no JSON, or cut off"),
        ('{"iam list-roles": {"Roles": [', "no JSON, or cut off"),
        ("[]", "holds no JSON object"),
        ("{}", "holds no JSON object"),
        ("null", "holds no JSON object"),
        ('{"iam list-roles": []}', "the answer to `iam list-roles` is no JSON object"),
        ("\xff\xfe", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
    ],
)
def test_a_file_that_is_no_export_is_refused(
    content: str, message: str, tmp_path: Path, command: Callable[..., Result]
) -> None:
    path = tmp_path / "account.json"
    path.write_bytes(content.encode("latin-1"))
    result = command("--from-export", path)
    assert isinstance(result.exception, UserError)
    assert message in str(result.exception)
    assert "--export-commands" in result.exception.hint


def test_a_missing_file_is_refused(tmp_path: Path, command: Callable[..., Result]) -> None:
    assert isinstance(command("--from-export", tmp_path / "none.json").exception, UserError)


def test_an_unknown_environment_is_refused(command: Callable[..., Result]) -> None:
    result = command("--environment", "staging", "--export-commands")
    assert isinstance(result.exception, UserError)
    assert "staging" in str(result.exception)


def aws(folder: Path, body: str) -> dict[str, str]:
    """An environment whose `aws` is a shell script."""
    folder.mkdir()
    (folder / "aws").write_text(f"#!/bin/sh\n{body}\n")
    (folder / "aws").chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


DENIED = 'echo "An error occurred (AccessDenied) when calling the Operation: no" >&2; exit 254'


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("""echo '{"Account": "123456789012"}'""", {"Account": "123456789012"}),
        (DENIED, {"error": "AccessDenied"}),
        ("exit 1", {"error": "CommandFailed"}),
        ("true", {"error": "CommandFailed"}),
    ],
)
def test_the_script_prints_an_export_whatever_aws_says(
    plan: Plan, tmp_path: Path, body: str, answer: dict[str, str]
) -> None:
    script = export_script(all_questions(plan), region=REGION)
    done = subprocess.run(
        ["/bin/sh", "-c", script], env=aws(tmp_path / "bin", body), capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    assert set(told) == {question.key for question in all_questions(plan)}
    assert all(each == answer for each in told.values())


def test_the_script_asks_what_the_aws_command_line_and_boto3_know(plan: Plan) -> None:
    """Every operation exists in botocore under the same name, takes these parameters, and only reads."""
    session = botocore.session.Session()
    for question in all_questions(plan):
        model = session.get_service_model(question.service)
        name = "".join(part.capitalize() for part in question.operation.split("-"))
        (operation,) = [each for each in model.operation_names if each.lower() == name.lower()]
        shape = model.operation_model(operation).input_shape
        assert {key for key, _ in question.parameters} <= set(shape.members if shape else {})
        assert question.operation.split("-")[0] in ("get", "list", "describe")


def test_a_list_is_given_as_words_to_aws_and_as_a_list_to_boto3() -> None:
    asked: list[Any] = []
    question = ask("iam", "get-account-authorization-details", Filter=("LocalManagedPolicy",))
    assert question.key == "iam get-account-authorization-details --filter LocalManagedPolicy"
    session = Session({("iam", "get_account_authorization_details"): lambda given: asked.append(given) or {}})
    AccountSource(region=REGION, session=session).answer(question)
    assert asked == [{"Filter": ["LocalManagedPolicy"]}]


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId"])
def test_expired_credentials_are_told_once_and_not_as_unknown(code: str) -> None:
    source = AccountSource(region=REGION, session=Session({("iam", "list_policies"): refused(code)}))
    with pytest.raises(UserError, match="refuses the credentials"):
        source.answer(QUESTION)


def test_no_credentials_are_told_with_both_ways_out() -> None:
    source = AccountSource(region=REGION, session=Session({("iam", "list_policies"): NoCredentialsError()}))
    with pytest.raises(UserError) as caught:
        source.answer(QUESTION)
    assert "--from-export" in caught.value.hint
