"""Steps as a container runs them: a folder laid out like /opt/ml, and a zip application of the code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

PROJECT = Path(__file__).parents[2]
_LIBRARIES = sysconfig.get_path("purelib")


def build_archive(path: Path, *, use_case: str = "hdb_resale") -> Path:
    """The layout that the deployment builds; no directory entries, as most zip writers leave them out."""
    source = PROJECT / "src"
    members = {"__main__.py": source / "__main__.py"}
    for root, base in (
        (source / "govml_pipeline", source),
        (PROJECT / "usecases" / use_case, PROJECT),
        (PROJECT / "data_sources" / use_case, PROJECT),
    ):
        for file in sorted(root.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                members[str(file.relative_to(base))] = file
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in members.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), file.read_bytes())
    return path


def run_step(
    archive: Path, base: Path, *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one step from a foreign working directory, with an environment that knows nothing of the project."""
    # The number of threads is conftest's: waking a second one for a sample costs seconds, not milliseconds.
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "OMP_NUM_THREADS")
    clean = {key: value for key, value in os.environ.items() if key in kept}
    base.mkdir(parents=True, exist_ok=True)
    return subprocess.run(
        # -S: no .pth files, so that the code can come from nowhere but the archive; the libraries are named instead.
        [sys.executable, "-S", str(archive), *arguments],
        cwd=base,
        env={**clean, "PYTHONPATH": _LIBRARIES, "SAGEMAKER_BASE_DIR": str(base), **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def provide(base: Path, **inputs: Path) -> None:
    """Copy folders to a processing job's inputs."""
    for name, folder in inputs.items():
        shutil.copytree(folder, base / "processing" / "input" / name)


def provide_channels(base: Path, hyperparameters: dict[str, str], **channels: Path) -> None:
    """Copy folders to a training job's channels."""
    for name, folder in channels.items():
        shutil.copytree(folder, base / "input" / "data" / name)
    (base / "input" / "config").mkdir(parents=True)
    (base / "input" / "config" / "hyperparameters.json").write_text(json.dumps(hyperparameters))


def pack(model: Path, folder: Path) -> Path:
    """Pack a model folder as the platform does; return the folder with `model.tar.gz`."""
    folder.mkdir(parents=True)
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        for item in sorted(model.iterdir()):
            archive.add(item, item.name)
    return folder
