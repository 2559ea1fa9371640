"""The engine that `--engine` names; its libraries are imported when it is chosen."""

from __future__ import annotations

from typing import Final

from govml_pipeline.engine.base import Engine
from govml_pipeline.errors import UserError

ENGINES: Final = ("embedded", "spark")


def open_engine(name: str, *, master: str | None = None) -> Engine:
    """Open an engine; use it in a `with` block.

    Args:
        name: one of `ENGINES`.
        master: where Spark runs; see `engine.session.start`.

    Raises:
        UserError: unknown name, a library is missing, or the embedded engine is told a master.
    """
    if name == "spark":
        from govml_pipeline.engine.spark import SparkEngine

        return SparkEngine(master=master)
    if name != "embedded":
        raise UserError(f"there is no engine {name!r}", hint=f"one of {', '.join(ENGINES)}")
    if master:
        raise UserError("--master is Spark's", hint="leave it out, or choose --engine spark")
    from govml_pipeline.engine.embedded import EmbeddedEngine

    return EmbeddedEngine()
