"""Who is answered now, who waits, and who is told to come again: nobody queues without end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, TypeVar

from govml_pipeline.serving.errors import RequestError
from govml_pipeline.serving.limits import Limits

_RETRY: Final = {"Retry-After": "1"}
_Result = TypeVar("_Result")


class Admission:
    """Counts the requests of one process.

    Args:
        limits: limits of the process.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._under_way = 0
        self._waiting = 0
        # One thread: large requests would only slow each other down, and the model uses the cores by itself.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference")

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """Count a request while it is read and answered.

        Raises:
            RequestError: there are too many already.
        """
        if self._under_way >= self._limits.under_way:
            raise RequestError("overloaded", f"{self._under_way} requests are under way: try again", headers=_RETRY)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    async def in_turn(self, work: Callable[[], _Result]) -> _Result:
        """Do large work beside the event loop, one piece after the other.

        Raises:
            RequestError: too many wait already, or it takes too long. Work that takes too long goes on, since a thread
                cannot be stopped, and keeps its place until it is done.
        """
        if self._waiting >= self._limits.waiting:
            raise RequestError("overloaded", f"{self._waiting} large requests wait: try again", headers=_RETRY)
        self._waiting += 1
        future = asyncio.get_running_loop().run_in_executor(self._thread, work)
        future.add_done_callback(self._done)
        try:
            return await asyncio.wait_for(asyncio.shield(future), self._limits.answer_seconds)
        except TimeoutError as error:
            raise RequestError(
                "timeout", f"no answer within {self._limits.answer_seconds:g} s: send fewer instances"
            ) from error

    def _done(self, future: asyncio.Future[_Result]) -> None:
        self._waiting -= 1
        if not future.cancelled():
            future.exception()  # of work that nobody waits for any more, nobody else would ask
