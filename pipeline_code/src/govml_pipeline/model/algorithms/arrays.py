"""Models that are arrays: saved as one `.npz` with the same bytes for the same arrays, loaded without pickle."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FILE: Final = "model.npz"
#: `numpy.savez` writes this date too; a zip needs one.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def save_arrays(folder: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Write arrays as `model.npz`, members in the order of their names."""
    with zipfile.ZipFile(folder / FILE, "w") as archive:
        for name in sorted(arrays):
            with archive.open(zipfile.ZipInfo(f"{name}.npy", _EPOCH), "w") as member:
                np.lib.format.write_array(member, arrays[name], allow_pickle=False)


def load_arrays(folder: Path) -> dict[str, NDArray[Any]]:
    """Read what `save_arrays` wrote; an array of objects, which only pickle could hold, is refused."""
    with np.load(folder / FILE, allow_pickle=False) as archive:
        return dict(archive)


class ArrayModel:
    """A fitted model that is a dataclass of arrays and nothing else; see `base.Fitted`."""

    def contributions(self, matrix: NDArray[np.float32]) -> None:  # noqa: ARG002  the signature of every algorithm
        """None: what it puts out is no sum of parts, one a feature."""
        return

    def save(self, folder: Path) -> None:
        """Write `model.npz`."""
        save_arrays(folder, vars(self))
