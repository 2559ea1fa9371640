"""`govml model feedback`: what people said of answers, checked, and put where the drift engine's next look finds it."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any

import click

from govml.cli.use_case import INTERPRETER, options
from govml.errors import UserError

#: The engine reads a file at a time; an application that has more sends more files.
_LARGEST = 64 * 1024**2
_SHOWN = 10


@click.command()
@click.argument("use_case")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--local", is_flag=True, help="In the local account instead of AWS.")
@options
def feedback(use_case: str, files: tuple[Path, ...], local: bool, config: str, environment: str) -> None:
    """Hand in FILES of JSON lines: who accepted or rejected which answer of USE_CASE, or what is true.

    All lines count, or nothing is handed in. The same file twice is the same feedback. The form: docs/feedback.md.
    """
    from datetime import UTC, datetime

    from botocore.exceptions import BotoCoreError, ClientError

    from govml.settings import load_settings
    from govml.settings.names import Names

    settings = load_settings(Path(config))
    settings.environment(environment)
    if use_case not in settings.watched:
        known = ", ".join(settings.watched) or "none"
        raise UserError(f"{config} watches no use case {use_case}", hint=f"it watches {known}; see docs/feedback.md")
    names = Names(settings.agency, environment)
    contents = {file: _content(file) for file in files}
    check_lines(use_case, list(contents))
    ssm, s3 = (_client(service, settings.region, local=local) for service in ("ssm", "s3"))
    day = f"{datetime.now(UTC):%Y/%m/%d}"
    try:
        bucket = ssm.get_parameter(Name=names.zone_bucket("artifacts"))["Parameter"]["Value"]
        for file, content in contents.items():
            key = f"{names.slug(use_case)}/{Names.FEEDBACK}/{day}/{hashlib.sha256(content).hexdigest()}.jsonl"
            s3.put_object(Bucket=bucket, Key=key, Body=content, ChecksumAlgorithm="SHA256")
            click.echo(f"{file}: put to s3://{bucket}/{key}")
    except (ClientError, BotoCoreError) as error:
        raise UserError(
            f"the feedback cannot be put: {error}",
            hint=f"deploy the stack {names.prefix}-Data first, and sign in as somebody who may give feedback",
        ) from error


def check_lines(use_case: str, files: list[Path]) -> None:
    """Check files by the code that reads them in the end.

    Raises:
        UserError: a line does not count, with the first ones and why; or the pipeline's environment is not there.
    """
    if not INTERPRETER.is_file():
        raise UserError(f"{INTERPRETER} is not there, and checks what is handed in", hint="make install")
    command = [str(INTERPRETER), "-m", "govml_pipeline.monitoring.feedback", "--use-case", use_case]
    checked = subprocess.run([*command, "--", *map(str, files)], capture_output=True, text=True, check=False)
    if checked.returncode:
        said = (checked.stdout or checked.stderr).strip().splitlines()
        if said[-1:] == ["0 lines, 0 refused"]:
            raise UserError(
                "nothing is handed in: the files hold no line", hint="docs/feedback.md has the form of a line"
            )
        more = [f"and {len(said) - _SHOWN - 1} more"] if len(said) > _SHOWN + 1 else []
        raise UserError(
            "nothing is handed in, since not every line counts:\n"
            + "\n".join(f"  {each}" for each in [*said[:_SHOWN], *more, *said[_SHOWN:][-1:]]),
            hint="docs/feedback.md has the form of a line",
        )


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > _LARGEST:
            raise UserError(f"{file} has more than {_LARGEST // 1024**2} MB", hint="hand it in as several files")
        return file.read_bytes()
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}", hint="name files of JSON lines") from error


def _client(service: str, region: str, *, local: bool) -> Any:
    if local:
        from govml.local import connection

        return connection().client(service)
    import boto3

    return boto3.client(service, region_name=region)
