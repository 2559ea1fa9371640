"""jsii's run-time checks of argument types, left out of a synth: mypy and pyright have made them, and the kernel does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from jsii import _type_checking

_NO_HINTS: defaultdict[str, Any] = defaultdict(lambda: None)


def skip_type_checks() -> None:
    """Make the checks of jsii's generated code accept everything; must run before `aws_cdk` is imported.

    `python -O` is the documented switch. It would need all bytecode a second time, which pip does not write: six seconds
    at the first synth, and at every synth where none may be written.
    """
    _type_checking.cached_type_hints = _no_hints
    _type_checking.check_type = _accept


def _no_hints(stub: Callable[..., Any]) -> dict[str, Any]:  # noqa: ARG001 - jsii's signature
    return _NO_HINTS


def _accept(argname: str, value: object, expected_type: Any) -> Any:  # noqa: ARG001 - jsii's signature
    return None
