"""Run cloudformation-validate, which has no command of its own: `python run_cloudformation_validate.py TEMPLATE...`.

Runs in the environment of the scanners, so it imports nothing of govml. Prints a list of findings as JSON.
"""

from __future__ import annotations

import json
import sys

from cloudformation_validate import CompositeEngine  # pyright: ignore[reportMissingImports] - not of this environment

# INFO and DEBUG are notes for authors, such as "this property cannot be changed in place".
_COUNT = {"FATAL", "ERROR", "WARN"}


def main() -> None:
    """Validate the templates named on the command line."""
    engine = CompositeEngine()
    found = []
    for path in sys.argv[1:]:
        for each in engine.validate_template(path).diagnostics:
            if each.severity.name in _COUNT:
                resource = each.entity.logical_id if each.entity else ""
                found.append(
                    {"rule": each.rule_id, "template": path, "logical_id": resource or "", "message": each.message}
                )
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
