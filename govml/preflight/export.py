"""Answers from a file: for accounts that only others may read, who run a script and send back what it prints."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from govml.errors import UserError
from govml.preflight.question import Answer, Question

_MOST_BYTES = 50_000_000
_HINT = "make it again with the script that --export-commands prints: sh export.sh > account.json"


class ExportSource:
    """Answers from an export.

    Args:
        path: the file.

    Raises:
        UserError: the file is missing, too large, cut off, or no export.
    """

    def __init__(self, path: Path) -> None:
        self._answers = _read(path)

    def answer(self, question: Question) -> Answer:
        """Return the answer of the file; a question that it lacks counts as unanswered."""
        entry = self._answers.get(question.key)
        if entry is None:
            return Answer(error="NotInExport")
        if set(entry) == {"error"}:
            return Answer(error=str(entry["error"]))
        return Answer(data=entry)


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UserError(f"{path} is larger than {_MOST_BYTES // 1_000_000} MB", hint=_HINT)
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{path} cannot be read ({type(error).__name__})", hint=_HINT) from error
    except json.JSONDecodeError as error:
        raise UserError(f"{path}, line {error.lineno}: no JSON, or cut off ({error.msg})", hint=_HINT) from error
    if not isinstance(content, dict) or not content:
        raise UserError(f"{path} holds no JSON object with answers", hint=_HINT)
    for key, entry in content.items():
        if not isinstance(entry, dict):
            raise UserError(f"{path}: the answer to `{key}` is no JSON object", hint=_HINT)
    return content


def export_script(questions: Iterable[Question], *, region: str) -> str:
    """Return a shell script that asks every question and prints the export.

    Args:
        questions: what to ask.
        region: region of the regional services.
    """
    keys = sorted({question.key for question in questions})
    return (
        "\n".join(
            [
                "#!/bin/sh",
                "# Reads the account and prints one JSON object; changes nothing. Run it as: sh export.sh > account.json",
                "# What may not be read is noted with its error code, and counts as unknown.",
                "set -u",
                f"AWS_REGION={region} AWS_DEFAULT_REGION={region} AWS_PAGER=''",
                "export AWS_REGION AWS_DEFAULT_REGION AWS_PAGER",
                "separator='{'",
                "errors=$(mktemp)",
                "trap 'rm -f \"$errors\"' EXIT",
                "question() {",
                "  key=$1",
                "  shift",
                '  answer=$(aws "$@" --output json 2>"$errors") || answer=',
                '  if [ -z "$answer" ]; then',
                "    code=$(sed -n 's/.*(\\([A-Za-z]*\\)).*/\\1/p' \"$errors\" | head -n 1)",
                '    answer="{\\"error\\": \\"${code:-CommandFailed}\\"}"',
                "  fi",
                '  printf \'%s\\n%s: %s\' "$separator" "$key" "$answer"',
                "  separator=','",
                "}",
                *(f"question {shlex.quote(json.dumps(key))} {key}" for key in keys),
                "printf '\\n}\\n'",
            ]
        )
        + "\n"
    )
