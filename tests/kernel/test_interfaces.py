"""Interfaces of generated packages are plain classes in a synth, and whatever else is a protocol stays one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
APP = """
import json, sys
import typing_extensions
from stacks.synth.interfaces import define_briefly
from stacks.synth.type_checks import skip_type_checks
early = sys.argv[1] == "early"
if not early:
    import constructs
skip_type_checks()
define_briefly()
import aws_cdk as cdk
from aws_cdk import aws_kms as kms
@typing_extensions.runtime_checkable
class Closes(typing_extensions.Protocol):
    def close(self): ...
stack = cdk.Stack(cdk.App(), "Small")
key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:ap-southeast-1:111122223333:key/a")
alias = kms.Alias(stack, "Alias", alias_name="alias/a", target_key=key)
print(json.dumps({
    "kind": type(kms.IKey).__name__,
    "parents": [each.__name__ for each in kms.IKey.__mro__],
    "answers": [key.key_id, stack.resolve(alias.alias_name)],
    "foreign": [isinstance(sys.stdout, Closes), isinstance(1, Closes)],
}))
"""


def run(moment: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", APP, moment],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_interface_is_a_plain_class_and_its_objects_answer() -> None:
    said = run("early")
    assert said["kind"] == "type"
    assert said["parents"][0] == "IKey"
    assert "Protocol" not in said["parents"]
    assert said["answers"] == ["a", "alias/a"]
    assert said["foreign"] == [True, False]


def test_packages_that_are_there_already_keep_their_protocols() -> None:
    said = run("late")
    assert said["kind"] == "_ProtocolMeta"
    assert "Protocol" in said["parents"]
    assert said["answers"] == ["a", "alias/a"]
