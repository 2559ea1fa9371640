"""Load: requests at a steady rate, whether or not the endpoint keeps up.

Each request has its moment, and its latency counts from that moment, not from when it could be sent at last. So a pause of
the endpoint shows in every request that waited for it; a client that waits for an answer before it asks again would leave
those out ("coordinated omission", G. Tene, "How NOT to Measure Latency").
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from govml.release.checks.asking import NotAnswered
from govml.release.checks.outcome import Outcome
from govml.release.checks.resampling import quantile


@dataclass(frozen=True)
class Plan:
    """How much load, and what is borne.

    Args:
        rate: requests a second.
        seconds: how long.
        p99_ms: time that 99 % of the requests may take, from their moment to the last byte of the answer.
        error_percent: share of the requests that may fail, in percent.
        workers: requests that may be under way at the same time; more wait, and the wait counts.
    """

    rate: float
    seconds: float
    p99_ms: float
    error_percent: float
    workers: int = 64

    @property
    def requests(self) -> int:
        """How many requests are made, at least one."""
        return max(1, round(self.rate * self.seconds))


@dataclass
class Measured:
    """What was measured.

    Args:
        seconds: latency of each request, from its moment.
        errors: reason -> how often.
        began: when the first request was due, by the clock.
        ended: when the last answer came.
    """

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    began: float = 0.0
    ended: float = 0.0


def run(
    plan: Plan,
    ask: Callable[[bytes], object],
    bodies: Sequence[bytes],
    *,
    clock: Callable[[], float] = time.perf_counter,
    sleep: Callable[[float], None] = time.sleep,
) -> Measured:
    """Make the requests.

    Args:
        plan: how many, and how fast.
        ask: sends one body and returns when it is answered, or raises `NotAnswered`.
        bodies: bodies of requests, used one after the other, again and again.
        clock: the time in seconds.
        sleep: waits for so many seconds.
    """
    found = Measured(began=clock())
    guard, places = threading.Lock(), iter(range(plan.requests))

    def work() -> None:
        while True:
            with guard:
                place = next(places, None)
            if place is None:
                return
            due = found.began + place / plan.rate
            early = due - clock()
            if early > 0:
                sleep(early)
            reason = ""
            try:
                ask(bodies[place % len(bodies)])
            except NotAnswered as error:
                reason = str(error)
            done = clock()
            with guard:
                found.seconds.append(done - due)
                found.ended = max(found.ended, done)
                if reason:
                    found.errors[reason] += 1

    workers = min(plan.workers, plan.requests)
    with ThreadPoolExecutor(workers) as pool:
        for future in [pool.submit(work) for _ in range(workers)]:
            future.result()
    return found


def judge(plan: Plan, measured: Measured) -> Outcome:
    """Hold what was measured against the plan."""
    count, failed = len(measured.seconds), sum(measured.errors.values())
    p50, p99 = (quantile(measured.seconds, share) * 1000 for share in (0.5, 0.99))
    lasted = max(measured.ended - measured.began, 1e-9)
    share = failed / count * 100
    failures = []
    if p99 > plan.p99_ms:
        failures.append(f"99 % of the requests take up to {p99:.0f} ms, accepted are {plan.p99_ms:g} ms")
    if share > plan.error_percent:
        most = measured.errors.most_common(1)[0][0]
        failures.append(f"{share:.3g} % of the requests fail, accepted are {plan.error_percent:g} %; mostly: {most}")
    figures = {
        "requests": count,
        "rate": plan.rate,
        "answered_per_second": count / lasted,
        "p50_ms": p50,
        "p99_ms": p99,
        "longest_ms": max(measured.seconds) * 1000,
        "errors": dict(measured.errors.most_common(5)),
        "error_percent": share,
        "limits": {"p99_ms": plan.p99_ms, "error_percent": plan.error_percent},
    }
    summary = f"{count:,} requests at {plan.rate:g}/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms, {share:.3g} % errors"
    return Outcome("load", summary, tuple(failures), figures)
