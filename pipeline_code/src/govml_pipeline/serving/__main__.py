"""`python -m govml_pipeline.serving --model-dir DIR`: serve a model, on loopback unless told otherwise."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from govml_pipeline.errors import UserError
from govml_pipeline.serving.app import MAX_BYTES
from govml_pipeline.serving.server import serve


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m govml_pipeline.serving", description=__doc__)
    parser.add_argument("--model-dir", type=Path, required=True, help="folder of an unpacked model.tar.gz")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="port, 0 for a free one (default: %(default)s)")
    parser.add_argument("--max-bytes", type=int, default=MAX_BYTES, help="largest request (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        serve(options.model_dir, host=options.host, port=options.port, max_bytes=options.max_bytes)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
