"""`python -m govml_pipeline.engine ...`: the step `transform` by itself."""

from __future__ import annotations

import sys

from govml_pipeline.main import main

if __name__ == "__main__":
    raise SystemExit(main(["transform", *sys.argv[1:]]))
