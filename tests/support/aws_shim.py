"""The two `aws` commands that the plain path uses, done with boto3: `s3 cp FILE s3://...` and `cloudformation deploy`.

It takes exactly the options that the scripts give and fails on any other, so that a script cannot pass by being ignored.
The program `aws` that scripts find only hands its words on to this process: starting boto3 takes half a second, and a script
calls it thirty times.
"""

from __future__ import annotations

import argparse
import json
import socketserver
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from govml.local import Connection

PROGRAM = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as asked:
    asked.connect({address!r})
    asked.sendall(json.dumps([os.getcwd(), sys.argv[1:]]).encode() + b"\\n")
    error = asked.makefile().read()
sys.exit(error or 0)
"""


@contextmanager
def aws_program(folder: Path, account: Connection) -> Iterator[None]:
    """Put the program `aws` into a folder; it works for as long as this context."""
    commands = Commands(account)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            place, words = json.loads(self.rfile.readline())
            try:
                commands.run(Path(place), words)
            except (Exception, SystemExit):  # noqa: BLE001  whatever it is, the script that asked must fail
                self.wfile.write(traceback.format_exc().encode())

    address = str(folder / "socket")
    program = folder / "aws"
    program.write_text(PROGRAM.format(python=sys.executable, address=address))
    program.chmod(0o755)
    with socketserver.UnixStreamServer(address, Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


class Commands:
    """What `aws` does, in one account."""

    def __init__(self, account: Connection) -> None:
        self.s3, self.cloudformation = account.client("s3"), account.client("cloudformation")

    def run(self, place: Path, words: list[str]) -> None:
        """Do what a command line says, started in the folder `place`.

        Raises:
            KeyError: a command that the scripts are not known to use.
            SystemExit: an option that they are not known to give.
        """
        {("s3", "cp"): self.copy, ("cloudformation", "deploy"): self.deploy}[words[0], words[1]](place, words[2:])

    def copy(self, place: Path, arguments: list[str]) -> None:
        parser = argparse.ArgumentParser()
        parser.add_argument("source", type=Path)
        parser.add_argument("target")
        parser.add_argument("--region", required=True)
        given = parser.parse_args(arguments)
        bucket, _, key = given.target.removeprefix("s3://").partition("/")
        self.s3.put_object(Bucket=bucket, Key=key, Body=(place / given.source).read_bytes())

    def deploy(self, place: Path, arguments: list[str]) -> None:
        parser = argparse.ArgumentParser()
        for name in ("--region", "--stack-name", "--template-file", "--s3-bucket", "--s3-prefix"):
            parser.add_argument(name, required=True)
        parser.add_argument("--capabilities", nargs="+", required=True)
        parser.add_argument("--tags", nargs="+", required=True)
        parser.add_argument("--no-fail-on-empty-changeset", action="store_true")
        parser.add_argument("--role-arn")
        given = parser.parse_args(arguments)
        place_of_template = {"Bucket": given.s3_bucket, "Key": f"{given.s3_prefix}/{given.stack_name}.template"}
        self.s3.put_object(**place_of_template, Body=(place / given.template_file).read_bytes())
        request: dict[str, Any] = {
            "StackName": given.stack_name,
            "TemplateURL": self.s3.generate_presigned_url("get_object", Params=place_of_template).split("?")[0],
            "Capabilities": given.capabilities,
            "Tags": [dict(zip(("Key", "Value"), tag.split("=", 1), strict=True)) for tag in given.tags],
            **({"RoleARN": given.role_arn} if given.role_arn else {}),
        }
        try:
            self.cloudformation.update_stack(**request)
            waiter = "stack_update_complete"
        except ClientError as error:
            if "No updates are to be performed" in str(error):
                return
            self.cloudformation.create_stack(**request)
            waiter = "stack_create_complete"
        self.cloudformation.get_waiter(waiter).wait(
            StackName=given.stack_name, WaiterConfig={"Delay": 0.2, "MaxAttempts": 300}
        )
