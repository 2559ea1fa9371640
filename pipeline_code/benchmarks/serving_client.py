"""Load on an HTTP server: keep-alive connections, bytes made beforehand, as little work per request as Python allows.

Open loop: requests are sent at their times, whether earlier ones were answered or not, and a request's latency counts from
the time at which it was due, so that a server that stands still is not spared (Tene, "How NOT to measure latency").
Closed loop: each connection sends the next request when it has the answer; tells throughput.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sys
import time
from pathlib import Path
from typing import Any


class Connection(asyncio.Protocol):
    """One connection that has one request under way at a time."""

    def __init__(self) -> None:
        self.transport: Any = None
        self.answer: asyncio.Future[tuple[int, bytes]] | None = None
        self.buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(ConnectionError(str(error)))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.buffer[:end]).lower()
        if b"transfer-encoding: chunked" in head:
            if not self.buffer.endswith(b"0\r\n\r\n"):
                return
        else:
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            if len(self.buffer) < end + 4 + length:
                return
        body = bytes(self.buffer[end + 4 :])
        self.buffer.clear()
        if self.answer is not None:
            self.answer.set_result((int(head.split(b" ", 2)[1]), body))

    def ask(self, request: bytes) -> asyncio.Future[tuple[int, bytes]]:
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.answer


def requests(port: int, path: str, bodies: list[str]) -> list[bytes]:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: "
    return [f"{head}{len(body.encode())}\r\n\r\n{body}".encode() for body in bodies]


async def connections(port: int, count: int) -> list[Connection]:
    loop = asyncio.get_running_loop()
    return [(await loop.create_connection(Connection, "127.0.0.1", port))[1] for _ in range(count)]


async def open_loop(port: int, sent: list[bytes], rate: float, seconds: float, pool: int = 64) -> dict[str, Any]:
    free = asyncio.Queue[Connection]()
    for connection in await connections(port, pool):
        free.put_nowait(connection)
    latencies: list[float] = []
    late: list[float] = []
    failed = 0
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task[None]] = set()

    async def one(due: float, request: bytes) -> None:
        nonlocal failed
        connection = await free.get()
        late.append(time.perf_counter() - due)
        status, _ = await connection.ask(request)
        latencies.append(time.perf_counter() - due)
        failed += status != 200
        free.put_nowait(connection)

    total = int(rate * seconds)
    begun = time.perf_counter() + 0.1
    for number in range(total):
        due = begun + number / rate
        # Until shortly before by the loop's clock, whose steps are a millisecond; the rest without giving way.
        while (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait - 0.0007 if wait > 0.0012 else 0)
        task = loop.create_task(one(due, sent[number % len(sent)]))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    return {
        "rate": rate,
        "requests": total,
        "failed": failed,
        **percentiles(latencies),
        "sent_late_p99_ms": round(1000 * sorted(late)[int(0.99 * len(late))], 2),
    }


async def closed_loop(port: int, sent: list[bytes], concurrency: int, seconds: float) -> dict[str, Any]:
    latencies: list[float] = []
    failed = 0
    end = time.perf_counter() + seconds

    async def caller(connection: Connection, number: int) -> None:
        nonlocal failed
        while (begun := time.perf_counter()) < end:
            status, _ = await connection.ask(sent[number % len(sent)])
            latencies.append(time.perf_counter() - begun)
            failed += status != 200
            number += concurrency

    pool = await connections(port, concurrency)
    await asyncio.gather(*(caller(connection, number) for number, connection in enumerate(pool)))
    return {
        "concurrency": concurrency,
        "per_second": round(len(latencies) / seconds, 1),
        "failed": failed,
        **percentiles(latencies),
    }


def percentiles(latencies: list[float]) -> dict[str, float]:
    ordered = sorted(latencies)
    return {f"p{share:g}_ms": round(1000 * ordered[int(share / 100 * len(ordered))], 2) for share in (50, 90, 99, 99.9)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/invocations")
    parser.add_argument("--bodies", type=Path, required=True, help="a JSON list of bodies, as text")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rate", type=float, help="open loop: requests per second")
    parser.add_argument("--concurrency", type=int, help="closed loop: connections")
    options = parser.parse_args()
    sent = requests(options.port, options.path, json.loads(options.bodies.read_text(encoding="utf-8")))
    gc.disable()
    if options.rate:
        found = asyncio.run(open_loop(options.port, sent, options.rate, options.seconds))
    else:
        found = asyncio.run(closed_loop(options.port, sent, options.concurrency or 1, options.seconds))
    json.dump(found, sys.stdout)
    print()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
