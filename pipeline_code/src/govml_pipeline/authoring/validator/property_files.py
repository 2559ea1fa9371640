"""Property files: their form, and what stands in those that the commands of the code archive write."""

from __future__ import annotations

import re
from typing import Any, Final

#: File -> expressions that match the paths of what it holds. `evaluation.json` has one group of metrics, by kind.
CONTENTS: Final = {
    "validation.json": (r"dataset\.(sha256|rows_read|rows_accepted|rows_quarantined|first_month|last_month)",),
    "evaluation.json": (
        r"(regression|binary_classification|multiclass_classification|anomaly_detection|clustering)_metrics"
        r"\.[a-z][a-z0-9_]*\.(value|lower|upper)",
        r"kind|model_version",
    ),
    "assessment.json": (r"verdict|reason",),
    "tracking.json": (r"run_id|experiment_name",),
}
_MEMBERS: Final = frozenset({"PropertyFileName", "OutputName", "FilePath"})


def check(step: dict[str, Any], outputs: set[str]) -> list[str]:
    """Return findings on the property files of a step.

    Args:
        step: the step.
        outputs: names of its outputs.
    """
    files, name = step.get("PropertyFiles", []), step["Name"]
    findings = []
    for file in files:
        if set(file) != _MEMBERS or not all(isinstance(value, str) and value for value in file.values()):
            findings.append(f"{name}: a property file takes {', '.join(sorted(_MEMBERS))}, all of them texts")
            continue
        if file["OutputName"] not in outputs:
            findings.append(
                f"{name}: property file {file['PropertyFileName']!r} of unknown output {file['OutputName']!r}"
            )
        if file["FilePath"] not in CONTENTS:
            findings.append(f"{name}: no command writes {file['FilePath']!r}; known are {', '.join(CONTENTS)}")
    names = [file.get("PropertyFileName") for file in files]
    return findings + [f"{name}: two property files {each!r}" for each in set(map(str, names)) if names.count(each) > 1]


def content_missing(file: Any, path: str) -> str | None:
    """Say that a path leads to nothing in a file, None if it leads to something."""
    if any(re.fullmatch(pattern, path) for pattern in CONTENTS.get(str(file), ())):
        return None
    return f"{file} holds no {path!r}"
