"""Templates, code and scripts for an account without `cdk bootstrap`."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govml.bootstrap.assembly import FileAsset, StackArtifact
from govml.bootstrap.plain.archive import pack
from govml.bootstrap.plain.templates import plain_template, usable
from govml.cli.bootstrap import bootstrap
from govml.errors import UserError

BUCKET = "agency-code"


@pytest.fixture(scope="module")
def folder(sandbox_assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("plain") / "folder"
    result = run(sandbox_assembly, output)
    assert result.exit_code == 0, result.output
    return output


def run(assembly: Path, output: Path, bucket: str = BUCKET) -> Result:
    arguments = ["template", "--asset-bucket", bucket, "--output", str(output), "--assembly", str(assembly)]
    return CliRunner().invoke(bootstrap, arguments)


def test_no_template_speaks_of_the_bootstrap(folder: Path) -> None:
    templates = sorted((folder / "templates").iterdir())
    assert len(templates) >= 7
    for path in templates:
        text = path.read_text()
        assert "cdk-bootstrap" not in text
        assert "cdk-hnb659fds" not in text
        assert "BootstrapVersion" not in text


def test_every_file_that_a_template_reads_is_in_the_folder_and_published(folder: Path) -> None:
    published = (folder / "publish.sh").read_text()
    read = {
        resource["Properties"]["Code"]["S3Key"]
        for path in (folder / "templates").iterdir()
        for resource in json.loads(path.read_text())["Resources"].values()
        if resource["Type"] == "AWS::Lambda::Function"
    }
    assert read
    for key in read:
        assert (folder / "assets" / key).is_file()
        assert f"s3://{BUCKET}/{key}" in published
    for path in (folder / "assets").iterdir():
        assert zipfile.is_zipfile(path)


def test_everything_else_of_a_template_is_as_synthesised(folder: Path, sandbox_stacks: list[StackArtifact]) -> None:
    for stack in sandbox_stacks:
        path = folder / "templates" / f"{stack.name}.template.json"
        if path.exists():
            plain = json.loads(path.read_text())
            assert set(plain["Resources"]) == set(stack.resources)
            assert plain.get("Outputs") == stack.template.get("Outputs")


def test_stacks_are_deployed_after_those_that_they_need(folder: Path, sandbox_stacks: list[StackArtifact]) -> None:
    script = (folder / "deploy.sh").read_text()
    for stack in sandbox_stacks:
        for needed in stack.waits_for:
            if f"--stack-name {stack.name} " in script:
                assert script.index(f"--stack-name {needed} ") < script.index(f"--stack-name {stack.name} ")


def test_the_policies_let_cloudformation_read_the_agencys_bucket(folder: Path) -> None:
    text = "".join(path.read_text() for path in (folder / "policies").iterdir())
    assert f"arn:aws:s3:::{BUCKET}/*" in text
    assert "cdk-hnb659fds-assets" not in text


def test_a_pipeline_that_deploys_through_the_bootstrap_roles_is_left_out_and_named(
    folder: Path, sandbox_assembly: Path, tmp_path: Path
) -> None:
    assert not (folder / "templates" / "sandbox-dev-Cicd.template.json").exists()
    assert "left out: sandbox-dev-Cicd" in run(sandbox_assembly, tmp_path / "again").output
    assert "`sandbox-dev-Cicd` is left out" in (folder / "README.md").read_text()


def test_a_folder_is_packed_the_same_way_every_time(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True)
    (source / "b.py").write_text("b = 1\n")
    (source / "inner" / "a.py").write_text("a = 1\n")
    asset = FileAsset(source, "zip", "bucket", "key.zip")
    pack(asset, tmp_path / "one.zip")
    (source / "b.py").touch()
    pack(asset, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "one.zip").namelist() == ["b.py", "inner/a.py"]


def test_a_bucket_in_any_text_of_a_template_is_replaced(sandbox_stacks: list[StackArtifact]) -> None:
    (stack,) = [each for each in sandbox_stacks if each.name.endswith("UseCase-hdb-resale")]
    text = json.dumps(plain_template(stack, asset_bucket=BUCKET))
    assert BUCKET in text
    assert stack.assets[0].bucket not in text


def test_a_stack_that_needs_one_that_cannot_be_deployed_is_refused(sandbox_stacks: list[StackArtifact]) -> None:
    (cicd,) = [each for each in sandbox_stacks if each.name.endswith("Cicd")]
    after = dataclasses.replace(sandbox_stacks[0], name="after", waits_for=(cicd.name,))
    with pytest.raises(UserError, match="after needs sandbox-dev-Cicd"):
        usable([cicd, after], "hnb659fds")


def test_container_images_are_refused(sandbox_stacks: list[StackArtifact]) -> None:
    with pytest.raises(UserError, match="container images"):
        usable([dataclasses.replace(sandbox_stacks[0], has_images=True)], "hnb659fds")


def test_a_folder_with_something_in_it_is_refused(sandbox_assembly: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    result = run(sandbox_assembly, tmp_path)
    assert isinstance(result.exception, UserError)
    assert "not an empty folder" in str(result.exception)


@pytest.mark.parametrize("bucket", ["Upper", "a", "with.dots", "s3://agency-code", "-starts"])
def test_a_name_that_is_no_bucket_is_refused(sandbox_assembly: Path, tmp_path: Path, bucket: str) -> None:
    result = run(sandbox_assembly, tmp_path / "out", bucket)
    assert result.exit_code == 2
    assert "is no bucket name" in result.output
