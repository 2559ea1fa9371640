"""Sub-command Serve: what an inference container runs; the model lies in the model folder."""

from __future__ import annotations

import argparse
import os
from typing import Final

from govml_pipeline import paths
from govml_pipeline.serving.server import serve

#: Each process has the model and the libraries in its own memory.
_MOST: Final = 4


def run(options: argparse.Namespace) -> None:
    """Serve the model of `SAGEMAKER_BASE_DIR/model` until stopped."""
    batch = os.environ.get("SAGEMAKER_BATCH", "").lower() == "true"  # large requests use the cores by themselves
    cores = 1 if batch else min(len(os.sched_getaffinity(0)), _MOST)
    serve(paths.model_dir(), host=options.host, port=options.port, processes=options.processes or cores)
