"""What another model answers, by the very code that trained it: an old champion is not read by newer code."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

from govml_pipeline.champion.losses import NotComparable
from govml_pipeline.errors import UserError
from govml_pipeline.model.artefact import load_model

#: A model that takes longer than this for the test rows would be of no use as a service either.
_SECONDS = 1800
_SHOWN = 300


def answers_of(folder: Path, rows: pl.DataFrame) -> tuple[str, pl.DataFrame]:
    """Return a model's version and its predictions of n validated rows, in a process of its own where it brings its code.

    Args:
        folder: an unpacked model artefact.
        rows: the rows, as the step Prepare writes them.

    Raises:
        NotComparable: the model cannot be loaded, or cannot answer these rows (another data contract, an archive that
            knows no `predict`).
    """
    archives = sorted((folder / "code").glob("*.zip"))
    try:
        if not archives:  # trained by an installed package, as in a notebook or a test: this one
            model = load_model(folder)
            model.require_inputs(rows)
            return model.version, model.predict(rows)
        return _asked(archives[0], folder, rows)
    except (UserError, pl.exceptions.PolarsError) as error:
        raise NotComparable(f"the champion cannot answer these rows: {str(error)[:_SHOWN]}") from error


def _asked(archive: Path, folder: Path, rows: pl.DataFrame) -> tuple[str, pl.DataFrame]:
    with tempfile.TemporaryDirectory(prefix="champion-") as temporary:
        asked, answered = Path(temporary) / "rows.parquet", Path(temporary) / "predictions.parquet"
        rows.write_parquet(asked)
        command = [sys.executable, str(archive), "predict", "--model-dir", str(folder)]
        try:
            done = subprocess.run(
                [*command, "--rows", str(asked), "--output", str(answered)],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise NotComparable(f"the champion has not answered within {_SECONDS} s") from error
        if done.returncode != 0:
            said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            raise NotComparable(f"the champion cannot answer these rows: {said[:_SHOWN]}")
        predictions = pl.read_parquet(answered)
        if predictions.height != rows.height:
            raise NotComparable(f"the champion gave {predictions.height:,} answers to {rows.height:,} rows")
        return done.stdout.strip().splitlines()[-1], predictions
