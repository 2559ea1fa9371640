"""What every SageMaker job runs: the code archive's contents, and the image that matches the pipeline's lock."""

from __future__ import annotations

import hashlib
from pathlib import Path

from govml.errors import UserError
from stacks.environment.context import REPOSITORY

PIPELINE_CODE = REPOSITORY / "pipeline_code"
BUILD_FOLDER = REPOSITORY / "build" / "code"


def archive_sources(data_source: str, use_case_folder: Path | None = None) -> dict[Path, str]:
    """Return what goes into a code archive, and where it stands in it.

    Args:
        data_source: name of the data source whose contract is read.
        use_case_folder: the use case's folder, where its definition stands; None for jobs about the source alone.

    Raises:
        UserError: there is no such folder.
    """
    source, data = PIPELINE_CODE / "src", PIPELINE_CODE / "data_sources" / data_source
    for needed in filter(None, (use_case_folder, data)):
        if not needed.is_dir():
            raise UserError(f"the jobs have no code: {needed.relative_to(REPOSITORY)}/ does not exist")
    use_case = {use_case_folder: f"usecases/{use_case_folder.name}"} if use_case_folder else {}
    return {
        source / "__main__.py": "__main__.py",
        source / "govml_pipeline": "govml_pipeline",
        data: f"data_sources/{data.name}",
        **use_case,
    }


def dependency_tag() -> str:
    """Return the tag of the image that is built from the pipeline's lock and the image's own files, as in `deps-1f0a9c...`.

    It is what `cat requirements/run.txt image/* | sha256sum` in `pipeline_code/` starts with: the image changes with any.
    """
    digest = hashlib.sha256((PIPELINE_CODE / "requirements" / "run.txt").read_bytes())
    for file in sorted((PIPELINE_CODE / "image").iterdir()):
        digest.update(file.read_bytes())
    return f"deps-{digest.hexdigest()[:12]}"
