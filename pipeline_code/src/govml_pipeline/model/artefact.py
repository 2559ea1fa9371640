"""The model artefact: a folder of plain data, nothing that executes when loaded.

    model.ubj            the booster (XGBoost's universal binary JSON)
    transformation/      the fitted transformation (JSON and Parquet)
    metadata.json        format version, use case, features, training, digest of every file
    code/<hash>.zip      the code archive that trained it; the inference container runs this very code

`model_version` is a digest over the files' digests: two artefacts with the same version predict the same.
"""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np
import polars as pl
import xgboost
from numpy.typing import NDArray

from govml_pipeline.errors import UserError
from govml_pipeline.features.matrix import Transformation
from govml_pipeline.files import read_json, write_json
from govml_pipeline.usecase import UseCase, load_use_case

FORMAT_VERSION: Final = 1
METADATA: Final = "metadata.json"
_BOOSTER, _TRANSFORMATION, _CODE = "model.ubj", "transformation", "code"


@dataclass(frozen=True)
class Model:
    """A loaded model artefact."""

    use_case: UseCase
    booster: xgboost.Booster
    transformation: Transformation
    metadata: dict[str, Any]

    @property
    def version(self) -> str:
        """Version of the model, the first 16 digits of its digest."""
        return str(self.metadata["model_version"])

    def predict(self, rows: pl.DataFrame) -> NDArray[np.float64]:
        """Predict the target for validated rows, shape (n,)."""
        features = self.transformation.transform(rows)
        matrix = xgboost.DMatrix(
            features.matrix,
            feature_names=list(self.transformation.names),
            feature_types=list(self.transformation.kinds),
            enable_categorical=True,
        )
        output = self.booster.predict(matrix).astype(np.float64)
        return self.transformation.target(rows, features, output)


def save_model(
    folder: Path,
    use_case: UseCase,
    booster: xgboost.Booster,
    transformation: Transformation,
    *,
    training: dict[str, Any],
    archive: Path | None,
) -> dict[str, Any]:
    """Write a model artefact into a folder; return its metadata.

    Args:
        folder: written to; `metadata.json` comes last, so that a folder without it is no model.
        use_case: use case of the model.
        booster: the trained booster.
        transformation: the transformation that it was trained with.
        training: what there is to tell about the training.
        archive: the code archive that runs now; None when the code is an installed package.
    """
    folder.mkdir(parents=True, exist_ok=True)
    booster.save_model(folder / _BOOSTER)
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
        "contract": {"name": use_case.contract.name, "version": use_case.contract.version},
        "code": None if archive is None else {"archive": archive.name, "sha256": sha256(archive)},
        "xgboost": xgboost.__version__,
        "training": training,
        "files": files,
    }
    write_json(folder / METADATA, metadata)
    return metadata


def load_model(folder: Path) -> Model:
    """Load a model artefact and check every file against its digest.

    Raises:
        UserError: no model there, another format version, or a file that is missing or changed.
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
    booster = xgboost.Booster(model_file=folder / _BOOSTER)
    return Model(use_case, booster, use_case.transformation.load(folder / _TRANSFORMATION), metadata)


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
