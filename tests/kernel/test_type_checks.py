"""Type checks of jsii's generated code are left out, and the kernel still refuses what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
APP = """
import sys
from stacks.synth.type_checks import skip_type_checks
skip_type_checks()
import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
stack = cdk.Stack(cdk.App(), "Small")
try:
    sqs.Queue(stack, "Queue", visibility_timeout="soon")
except Exception as error:
    print(type(error).__name__, error)
print("typeguard" in sys.modules)
"""


def test_the_kernel_refuses_a_wrong_type_without_typeguard() -> None:
    done = subprocess.run(
        [sys.executable, "-c", APP],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "visibilityTimeout" in done.stdout
    assert done.stdout.endswith("False\n")
