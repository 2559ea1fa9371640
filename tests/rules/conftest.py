"""Rules are tested on templates: `examples/` holds, for each rule, one that passes and those that fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from govml.rules.engine import check_sides
from govml.rules.options import Options
from govml.rules.template import parse_template

Check = Callable[..., list[tuple[str, str]]]


@pytest.fixture(scope="session")
def check() -> Check:
    """Return a function: resources or a whole template (and options) in, (rule, logical id) of each finding out."""

    def run(resources: Mapping[str, Any], options: Options | None = None) -> list[tuple[str, str]]:
        document = resources if "Resources" in resources else {"Resources": resources}
        content = json.dumps(document).encode()
        return [
            (each.rule, each.logical_id)
            for each in check_sides(parse_template(content, "t.json"), options or Options())
        ]

    return run
