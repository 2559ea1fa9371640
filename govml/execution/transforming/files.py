"""Transforms one file: its records sent in requests, the answers put together in their order."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from govml.execution.transforming.joining import Joining
from govml.execution.transforming.records import Splitting, TransformFailed, batches, records


@dataclass(frozen=True)
class FileTransform:
    """What is done with every file.

    Args:
        splitting: how it is cut.
        joining: filters and join; None: records and answers are not looked into.
        gzipped: the file is compressed.
        line_ends: every answer ends in a newline (`AssembleWith: Line`).
        workers: requests at a time.
    """

    splitting: Splitting
    joining: Joining | None
    gzipped: bool
    line_ends: bool
    workers: int

    def run(self, source: Path, target: Path, ask: Callable[[bytes], bytes]) -> int:
        """Transform a file; nothing is written unless all of it succeeds.

        Args:
            source: the file.
            target: where its results go; its folder is made.
            ask: returns the server's answer to a payload.

        Returns:
            How many requests it took.

        Raises:
            TransformFailed: a record is unfit, or the server does not answer it.
        """
        found = list(batches(records(self._content(source), self.splitting), self.splitting))
        with ThreadPoolExecutor(self.workers) as pool:
            answers = list(pool.map(lambda batch: self._answered(batch, ask), found))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"".join(answers))
        return len(found)

    def _content(self, source: Path) -> bytes:
        content = source.read_bytes()
        if not self.gzipped:
            return content
        try:
            return gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise TransformFailed(f"it is no whole gzip file: {error}") from error

    def _answered(self, batch: list[bytes], ask: Callable[[bytes], bytes]) -> bytes:
        if self.joining is None:
            result = ask(b"\n".join(batch))
        else:
            answer = ask(b"\n".join(self.joining.payload_record(record) for record in batch))
            result = self.joining.results(batch, answer)
        return result + b"\n" if self.line_ends and not result.endswith(b"\n") else result
