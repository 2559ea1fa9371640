"""One sitting of the exam: the mutants of some templates, before the own rules and, if wanted, the nag packs."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from govml.errors import UserError
from govml.rule_exam.grade import Grade, Key, grade, one_of_a_kind, own_findings
from govml.rule_exam.mutants import Document, Mutant, mutants
from govml.rules.options import Options
from govml.rules.template import read_template

_NAG_BATCH = 40
"""Templates that the nag packs judge in one process: more would hold too many constructs in memory at once."""


def sit(paths: Iterable[Path], options: Options, *, nag: bool = False) -> Grade:
    """Grade the rules on the mutants of good templates, each kind of defect once.

    Args:
        paths: templates, JSON.
        options: what the landing zone demands.
        nag: let the nag packs judge what the own rules let through.

    Raises:
        UserError: a file is no JSON template.
    """
    documents = {str(path): _document(path) for path in paths}
    questions = one_of_a_kind(each for name, found in documents.items() for each in mutants(found, name))
    good = {name: own_findings(Mutant(name, "", "", found), options) for name, found in documents.items()}
    result = grade(questions, good, lambda mutant: own_findings(mutant, options))
    if not nag or not result.escaped:
        return result
    whole = [Mutant(name, "", "", found) for name, found in documents.items()]
    before = dict(zip(documents, _nag(whole), strict=True))
    after = dict(zip(map(id, result.escaped), _nag(result.escaped), strict=True))
    second = grade(result.escaped, before, lambda mutant: after[id(mutant)])
    return Grade((*result.caught, *second.caught), second.escaped)


def _nag(asked: Sequence[Mutant]) -> list[set[Key]]:
    from govml.gate.foreign_templates import nag_findings

    answers: list[set[Key]] = []
    for start in range(0, len(asked), _NAG_BATCH):
        batch = asked[start : start + _NAG_BATCH]
        with tempfile.TemporaryDirectory() as temporary:
            files = [Path(temporary) / f"{number}.json" for number in range(len(batch))]
            for file, mutant in zip(files, batch, strict=True):
                file.write_text(json.dumps(mutant.document))
            found, _ = nag_findings(files)
        by_file: dict[str, set[Key]] = {str(file): set() for file in files}
        for each in found:
            by_file[each.template].add((each.rule, each.logical_id))
        answers += by_file.values()
    return answers


def _document(path: Path) -> Document:
    read_template(path)  # says what is wrong with it
    try:
        found: Document = json.loads(path.read_bytes())
    except ValueError as error:
        raise UserError(f"{path}: the exam takes templates in JSON") from error
    return found
