"""`govml bootstrap print` and what it refuses."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govml.bootstrap.assembly import read_stacks
from govml.bootstrap.kit import kit
from govml.cli.bootstrap import bootstrap
from govml.errors import UserError
from govml.settings import Settings


def run(*arguments: object) -> Result:
    return CliRunner().invoke(bootstrap, [str(argument) for argument in arguments], catch_exceptions=True)


def test_the_command_names_boundary_qualifier_key_trust_tags_and_protection(
    bounded_file: Path, bounded_assembly: Path
) -> None:
    result = run("print", "--config", bounded_file, "--environment", "dev", "--assembly", bounded_assembly)
    assert result.exit_code == 0, result.output
    command = result.output[result.output.index("npx cdk bootstrap") :]
    words = shlex.split(command)
    assert words[:4] == ["npx", "cdk", "bootstrap", "aws://123456789012/ap-southeast-1"]
    for option, value in (
        ("--qualifier", "agency1"),
        ("--toolkit-stack-name", "CDKToolkit-agency1"),
        ("--custom-permissions-boundary", "AgencyBoundary"),
        ("--trust", "333344445555"),
        ("--cloudformation-execution-policies", "arn:aws:iam::123456789012:policy/bootstrap/sandbox-execution-1"),
    ):
        assert words[words.index(option) + 1] == value
    assert {"--apply-permissions-boundary-to-all-roles", "--bootstrap-customer-key", "--termination-protection"} <= {
        *words
    }
    assert "Project-Code=GOVML-SANDBOX" in words
    assert "the permissions boundary AgencyBoundary must exist in 123456789012" in result.output


def test_nothing_falls_back_to_administrator_access(sandbox_assembly: Path) -> None:
    result = run("print", "--assembly", sandbox_assembly)
    assert "--cloudformation-execution-policies" in result.output
    lines = [line for line in result.output.splitlines() if "AdministratorAccess" in line]
    assert [line.strip(' ",') for line in lines] == ["arn:*:iam::aws:policy/AdministratorAccess"]  # the deny


def test_the_files_are_those_that_the_script_reads(bounded_file: Path, bounded_assembly: Path, tmp_path: Path) -> None:
    result = run("print", "--config", bounded_file, "--assembly", bounded_assembly, "--output", tmp_path)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["123456789012", "210987654321"]
    for folder in tmp_path.iterdir():
        script = (folder / "bootstrap.sh").read_text()
        policies = sorted(folder.glob("*.json"))
        assert policies
        for path in policies:
            assert json.loads(path.read_text())["Version"] == "2012-10-17"
            assert f"file://{path.name}" in script


def test_the_templates_use_the_qualifier_of_the_agency_file(bounded_assembly: Path) -> None:
    for stack in read_stacks(bounded_assembly):
        assert stack.template["Parameters"]["BootstrapVersion"]["Default"] == "/cdk-bootstrap/agency1/version"
        assert all(asset.bucket.startswith("cdk-agency1-assets-") for asset in stack.assets)
    (cicd,) = [
        stack for stack in read_stacks(bounded_assembly, environment="sandbox-dev") if stack.name.endswith("Cicd")
    ]
    assert "role/cdk-agency1-deploy-role-" in json.dumps(cicd.template)


def test_an_unknown_environment_is_refused(sandbox_assembly: Path) -> None:
    result = run("print", "--environment", "staging", "--assembly", sandbox_assembly)
    assert isinstance(result.exception, UserError)
    assert "no environment 'staging'" in str(result.exception)


@pytest.mark.parametrize("content", [None, "{", "[]", '{"artifacts": {"A": {}}}'])
def test_a_folder_that_is_no_assembly_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    result = run("print", "--assembly", tmp_path)
    assert isinstance(result.exception, UserError)
    assert "is not a cloud assembly" in str(result.exception)


def test_an_assembly_of_another_agency_is_refused(bounded_file: Path, sandbox_assembly: Path) -> None:
    other = bounded_file.with_name("other.yaml")
    other.write_text(bounded_file.read_text().replace('"agency": "sandbox"', '"agency": "other"'))
    result = run("print", "--config", other, "--assembly", sandbox_assembly)
    assert isinstance(result.exception, UserError)
    assert "holds no stack of other-dev" in str(result.exception)


def test_a_role_without_the_configured_boundary_is_refused(sandbox_assembly: Path, sandbox_settings: Settings) -> None:
    iam = sandbox_settings.iam.model_copy(update={"permissions_boundary": "AgencyBoundary"})
    settings = sandbox_settings.model_copy(update={"iam": iam})
    with pytest.raises(UserError, match="lack the permissions boundary AgencyBoundary"):
        kit(settings, read_stacks(sandbox_assembly), ["dev"])
