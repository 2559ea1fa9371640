"""Step Monitor: what a model answered, and what turned out to be true, in; a verdict that alarms act on out.

The same for captured requests (`input/capture`) and rows of a batch (`input/rows`), on a laptop and in a processing job. A
broken feed is no error of the step: its verdict says so. What the step cannot do without is: the baseline and rows.
"""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from govml_pipeline import paths
from govml_pipeline.errors import UserError
from govml_pipeline.files import all_or_nothing, write_json, write_text
from govml_pipeline.model.artefact import Model, load_model, unpacked
from govml_pipeline.monitoring.baseline import Baseline, read_baseline
from govml_pipeline.monitoring.deciding.decision import decide
from govml_pipeline.monitoring.deciding.state import NEXT, STATE, State, next_look, read_state
from govml_pipeline.monitoring.intake.arriving import from_capture, from_rows
from govml_pipeline.monitoring.intake.telling import with_truths
from govml_pipeline.monitoring.judging.watching import Arrived, watch
from govml_pipeline.monitoring.report.emission import EMF, OTLP, emf_lines, otlp_lines
from govml_pipeline.monitoring.report.findings import FINDINGS, findings
from govml_pipeline.monitoring.report.page import PAGE, page
from govml_pipeline.usecase import UseCase, load_use_case

RESULT: Final = "monitoring.json"
#: Rows whose truth people told, as a delivery of the data source: somebody looks at it before a model learns from it.
TAUGHT: Final = "taught.csv"


def run(options: argparse.Namespace) -> None:
    """Judge what is new since the last run.

    Reads `input/baseline`, `input/capture` or `input/rows`, and where they are there `input/labels`, `input/feedback`,
    `input/model` and `input/state`. Leaves `output/monitoring` (result, findings, page, metrics), `output/state` (with the
    day from which the next look needs rows), and in `output/evidence` findings and page if a window was judged.

    Raises:
        UserError: a time that is none, a baseline of another model, both or neither kind of rows, or files that cannot be
            read.
    """
    use_case = load_use_case(options.use_case)
    now = moment(options.now)
    baseline = read_baseline(paths.processing_input("baseline"), use_case, model_version=options.model_version)
    folder = _optional("state")
    before = State(baseline.model_version) if folder is None else read_state(folder, baseline.model_version)
    before = before.of_model(baseline.model_version)
    arrived = _arrived(use_case, baseline, now, before.since(use_case.monitoring))
    watched = watch(arrived, use_case, baseline, before, now=now, model=_model(baseline))
    after, decision = decide(before, watched.judged, use_case.monitoring)
    found = findings(baseline, watched, decision, after, arrived.refused)
    shown = page(found, decision, after, kind=use_case.kind, settings=use_case.monitoring)
    who = (use_case.name, options.endpoint or use_case.name, baseline.model_version)
    lines, told = emf_lines(*who, decision, now=now), otlp_lines(*who, decision, now=now)
    with (
        all_or_nothing(paths.processing_output("monitoring")) as monitoring,
        all_or_nothing(paths.processing_output("state")) as state,
    ):
        write_json(monitoring / RESULT, decision.as_json(baseline.model_version))
        write_json(monitoring / FINDINGS, found)
        write_text(monitoring / PAGE, shown)
        if arrived.taught is not None:
            arrived.taught.write_csv(monitoring / TAUGHT)
        write_text(monitoring / EMF, "\n".join(lines) + "\n")
        write_text(monitoring / OTLP, "\n".join(told) + "\n")
        write_json(state / STATE, after.as_json())
        write_json(state / NEXT, next_look(after, use_case.monitoring))
    evidence = paths.processing_output("evidence")
    if watched.judged:
        write_json(evidence / FINDINGS, found)
        write_text(evidence / PAGE, shown)
    for line in (*lines, *told):
        print(line)
    print(f"{decision.verdict}: {decision.reason}")


def moment(text: str | None) -> datetime:
    """A time with its zone; the clock's without a text.

    Raises:
        UserError: no time, or one without zone.
    """
    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min  # noqa: DTZ901  has no zone, which is what is refused
    if found.tzinfo is None:
        raise UserError(f"--now {text!r} is no time with a zone", hint="write it as 2024-09-01T06:00:00+08:00")
    return found


def _optional(name: str) -> Path | None:
    folder = paths.base_dir() / "processing" / "input" / name
    return folder if folder.is_dir() else None


def _arrived(use_case: UseCase, baseline: Baseline, now: datetime, since: date | None) -> Arrived:
    capture, rows = _optional("capture"), _optional("rows")
    if (capture is None) == (rows is None):
        raise UserError(
            f"{'both' if capture else 'neither'} of the inputs capture and rows there",
            hint="give input/capture (data capture of an endpoint) or input/rows (a batch's rows with predictions)",
        )
    if capture is not None:
        arrived = from_capture(capture, use_case, baseline, now=now, since=since)
    else:
        arrived = from_rows(paths.processing_input("rows"), use_case, baseline, now=now)
    return with_truths(arrived, use_case, labels=_optional("labels"), feedback=_optional("feedback"), now=now)


def _model(baseline: Baseline) -> Model | None:
    folder = _optional("model")
    if folder is None:
        return None
    with unpacked(folder) as unpacked_folder:
        model = load_model(unpacked_folder)
    if model.version != baseline.model_version:
        raise UserError(
            f"the model is version {model.version}, the baseline is of {baseline.model_version}",
            hint="give both as the model package in service names them",
        )
    return model
