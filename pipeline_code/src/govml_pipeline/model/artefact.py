"""The model artefact: a folder of plain data, nothing that executes when loaded.

    model.ubj            trees of XGBoost (its universal binary JSON); model.npz: arrays of the other algorithms
    classes.json         values of the target, of a classification
    transformation/      the fitted transformation (JSON and Parquet)
    metadata.json        format version, use case, kind, algorithm, training, digest of every file
    code/<hash>.zip      the code archive that trained it; the inference container runs this very code

`model_version` is a digest over the files' digests: two artefacts with the same version predict the same.
"""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.errors import UserError
from govml_pipeline.features.matrix import FEW, Features, Transformation, by_row
from govml_pipeline.files import read_json, write_json
from govml_pipeline.model.algorithms import load_algorithm
from govml_pipeline.model.algorithms.base import Contributions, Fitted
from govml_pipeline.model.labelling import Labels
from govml_pipeline.model.predictions import prediction_columns
from govml_pipeline.model.training import Trained, algorithm_of
from govml_pipeline.usecase import UseCase, load_use_case

FORMAT_VERSION: Final = 2
METADATA: Final = "metadata.json"
_CLASSES, _TRANSFORMATION, _CODE = "classes.json", "transformation", "code"


@dataclass(frozen=True)
class Model:
    """A loaded model artefact."""

    use_case: UseCase
    fitted: Fitted
    labels: Labels
    transformation: Transformation
    metadata: dict[str, Any]

    @property
    def version(self) -> str:
        """Version of the model, the first 16 digits of its digest."""
        return str(self.metadata["model_version"])

    def predict(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the predictions of n validated rows; see `predictions.prediction_columns`."""
        output = self.output(self.features(rows))
        return prediction_columns(self.use_case.kind, self.labels.classes, output)

    def features(self, rows: pl.DataFrame) -> Features:
        """Return the features of n validated rows, whichever way is faster: both give the same bits."""
        one_by_one = by_row(self.transformation) if rows.height <= FEW else None
        if one_by_one is not None:
            with suppress(ValueError):  # rows that need the data frame
                return one_by_one.transform_rows(rows.to_dicts())
        return self.transformation.transform(rows)

    def output(self, features: Features) -> NDArray[np.float64]:
        """What the model says about features: `Fitted.output`, numbers in the target's unit."""
        output = self.fitted.output(features.matrix)
        if self.use_case.kind in ("regression", "timeseries"):
            output = self.transformation.target(features, output)
        return output

    def require_inputs(self, rows: pl.DataFrame) -> None:
        """Check that rows have every column that the model was trained on.

        Raises:
            UserError: they lack one.
        """
        missing = [name for name in self.use_case.contract.inputs.names if name not in rows.columns]
        if missing:
            raise UserError(f"the rows have no {', '.join(missing)}", hint="give rows of the model's data contract")

    def contributions(self, rows: pl.DataFrame) -> Contributions | None:
        """Return how much each feature moved the model's output, for n validated rows; None: it cannot be said.

        The output is that of the trees: for a number it is on the scale of the transformation's label.
        """
        return self.fitted.contributions(self.transformation.transform(rows).matrix)


def save_model(
    folder: Path,
    use_case: UseCase,
    trained: Trained,
    transformation: Transformation,
    *,
    archive: Path | None,
) -> dict[str, Any]:
    """Write a model artefact into a folder; return its metadata.

    Args:
        folder: written to; `metadata.json` comes last, so that a folder without it is no model.
        use_case: use case of the model.
        trained: the fitted model.
        transformation: the transformation that it was trained with.
        archive: the code archive that runs now; None when the code is an installed package.
    """
    folder.mkdir(parents=True, exist_ok=True)
    trained.fitted.save(folder)
    if trained.labels.classes:
        write_json(folder / _CLASSES, trained.labels.classes)
    transformation.save(folder / _TRANSFORMATION)
    if archive is not None:
        (folder / _CODE).mkdir(exist_ok=True)
        shutil.copyfile(archive, folder / _CODE / archive.name)
    files = {
        str(path.relative_to(folder)): sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != METADATA
    }
    learned = {name: digest for name, digest in files.items() if not name.startswith(f"{_CODE}/")}
    metadata = {
        "format_version": FORMAT_VERSION,
        "model_version": hashlib.sha256(repr(sorted(learned.items())).encode()).hexdigest()[:16],
        "use_case": use_case.name,
        "kind": use_case.kind,
        "algorithm": use_case.training.algorithm,
        "contract": {"name": use_case.contract.name, "version": use_case.contract.version},
        "code": None if archive is None else {"archive": archive.name, "sha256": sha256(archive)},
        "library": algorithm_of(use_case).library(),
        "training": trained.summary,
        "files": files,
    }
    write_json(folder / METADATA, metadata)
    return metadata


def load_model(folder: Path) -> Model:
    """Load a model artefact and check every file against its digest.

    Raises:
        UserError: no model there, another format version, a file that is missing or changed, or a model of another kind
            or algorithm than the use case now has.
    """
    if not (folder / METADATA).is_file():
        raise UserError(
            f"{folder} holds no model: there is no {METADATA}", hint="give the folder of an unpacked model.tar.gz"
        )
    metadata = read_json(folder / METADATA)
    if metadata.get("format_version") != FORMAT_VERSION:
        raise UserError(
            f"{folder}: model of format {metadata.get('format_version')!r}, this code reads format {FORMAT_VERSION}",
            hint="use the code archive inside the model, or train again",
        )
    for name, digest in metadata["files"].items():
        path = folder / name
        if not path.is_file() or sha256(path) != digest:
            raise UserError(f"{path}: missing or not the file that was trained", hint="fetch the model again")
    use_case = load_use_case(metadata["use_case"])
    found, wanted = (metadata["kind"], metadata["algorithm"]), (use_case.kind, use_case.training.algorithm)
    if found != wanted:
        raise UserError(
            f"{folder}: {found[0]} by {found[1]}, but use case {use_case.name!r} is now {wanted[0]} by {wanted[1]}",
            hint="use the code archive inside the model, or train again",
        )
    labels = Labels(tuple(read_json(folder / _CLASSES))) if use_case.kind == "classification" else Labels()
    fitted = load_algorithm(use_case.training.algorithm).load(folder)
    return Model(use_case, fitted, labels, use_case.transformation.load(folder / _TRANSFORMATION), metadata)


@contextmanager
def unpacked(folder: Path) -> Iterator[Path]:
    """Yield the model's folder: `folder` itself, or what its `model.tar.gz` holds, in a temporary folder.

    Raises:
        UserError: the archive is damaged or tries to write outside its folder.
    """
    archive = folder / "model.tar.gz"
    if not archive.is_file():
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="model-") as temporary:
        try:
            with tarfile.open(archive) as tar:
                _unpack(tar, Path(temporary))
        except (tarfile.TarError, EOFError, OSError) as error:
            raise UserError(f"{archive}: cannot be unpacked ({error})", hint="fetch the model again") from error
        yield Path(temporary)


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    # By hand, as `filter="data"` (PEP 706) came with Python 3.11.4: files only, none outside of the folder.
    for member in tar:
        name = PurePosixPath(member.name)
        if name.is_absolute() or ".." in name.parts:
            raise tarfile.TarError(f"{member.name!r} lies outside of the archive's folder")
        if member.isdir():
            folder.joinpath(*name.parts).mkdir(parents=True, exist_ok=True)
            continue
        content = tar.extractfile(member) if member.isfile() else None
        if content is None:
            raise tarfile.TarError(f"{member.name!r} is no file")
        target = folder.joinpath(*name.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("xb") as out:
            shutil.copyfileobj(content, out)


def sha256(path: Path) -> str:
    """SHA-256 digest of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
