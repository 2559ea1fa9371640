"""Plots as SVG, made by hand: the same numbers give the same bytes, every label is escaped, and each says what it shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from govml_pipeline.report.shown import number

_WIDTH: Final = 720
_LEFT: Final = 190
_ROW: Final = 20
_CELLS: Final = 48
_INK, _BAR, _ACCENT, _GRID = "#1f2933", "#5b8db8", "#b4541a", "#d5dbe1"


def bars(
    title: str,
    labels: Sequence[str],
    values: Sequence[float],
    *,
    intervals: Sequence[Sequence[float] | None] | None = None,
    reference: float | None = None,
) -> Markup:
    """Horizontal bars from zero, with whiskers for intervals and a line for a reference value.

    Args:
        title: what is shown; read aloud in place of the plot.
        labels: one per bar.
        values: lengths of the bars, finite.
        intervals: lower and upper end for each bar, or None.
        reference: value of all rows together.
    """
    whiskers = list(intervals or [None] * len(values))
    ends = [0.0, *values, *(end for pair in whiskers if pair for end in pair), *([reference] if reference else [])]
    low, high = min(ends), max(ends)
    x = _scale(low, high if high > low else low + 1, _LEFT, _WIDTH - 70)
    height = _ROW * len(values) + 30
    parts = [_grid(low, high, x, height)]
    for line, (label, value, pair) in enumerate(zip(labels, values, whiskers, strict=True)):
        top = 8 + line * _ROW
        left, right = sorted((x(0), x(value)))
        parts.append(_text(_LEFT - 6, top + 11, _shorter(label, 30), anchor="end"))
        parts.append(f'<rect x="{left:.1f}" y="{top}" width="{right - left:.1f}" height="13" fill="{_BAR}"/>')
        furthest = right
        if pair:
            middle = top + 6.5
            parts.append(_line(x(pair[0]), middle, x(pair[1]), middle, _INK))
            furthest = max(right, x(pair[1]))
        parts.append(_text(furthest + 5, top + 11, number(value)))
    if reference is not None:
        parts.append(_line(x(reference), 4, x(reference), height - 22, _ACCENT, dashed=True))
    return _svg(title, height, parts)


def line(
    title: str, labels: Sequence[str], values: Sequence[float], *, reference: float | None = None, zero: bool = True
) -> Markup:
    """Values in a row, as by month, joined by a line.

    Args:
        title: what is shown.
        labels: one per value, under the axis.
        values: finite.
        reference: value of all rows together.
        zero: the axis starts at zero.
    """
    known = [*values, *([0.0] if zero else []), *([reference] if reference is not None else [])]
    low, high = min(known), max(known)
    height = 220
    y = _scale(low, high if high > low else low + 1, height - 40, 14)
    x = _scale(0, max(1, len(values) - 1), 70, _WIDTH - 30)
    points = " ".join(f"{x(place):.1f},{y(value):.1f}" for place, value in enumerate(values))
    parts = [
        part
        for tick in _ticks(low, high)
        for part in (
            _line(64, y(tick), _WIDTH - 20, y(tick), _GRID),
            _text(58, y(tick) + 4, number(tick), anchor="end"),
        )
    ]
    parts.append(f'<polyline points="{points}" fill="none" stroke="{_BAR}" stroke-width="2"/>')
    every = math.ceil(len(labels) / 12)
    for place, (label, value) in enumerate(zip(labels, values, strict=True)):
        parts.append(f'<circle cx="{x(place):.1f}" cy="{y(value):.1f}" r="3" fill="{_BAR}"/>')
        if place % every == 0:
            parts.append(_text(x(place), height - 20, label, anchor="middle"))
    if reference is not None:
        parts.append(_line(64, y(reference), _WIDTH - 20, y(reference), _ACCENT, dashed=True))
    return _svg(title, height, parts)


def density(title: str, across: NDArray[np.float64], up: NDArray[np.float64], axes: tuple[str, str]) -> Markup:
    """Where pairs of values lie, as cells that are darker the more rows they hold; the diagonal is equality.

    Args:
        title: what is shown.
        across: values on the horizontal axis, shape (n,), finite.
        up: values on the vertical axis, shape (n,), finite.
        axes: names of the axes.
    """
    both = np.concatenate([across, up])
    low, high = (float(end) for end in np.percentile(both, [0.1, 99.9]))
    if high <= low:
        low, high = low - 0.5, high + 0.5
    counts, _, _ = np.histogram2d(np.clip(across, low, high), np.clip(up, low, high), _CELLS, [[low, high]] * 2)
    size, left, bottom = 400, 90, 420
    cell = size / _CELLS
    x, y = _scale(low, high, left, left + size), _scale(low, high, bottom, bottom - size)
    parts = []
    for column, row in np.argwhere(counts > 0):
        shade = 0.12 + 0.88 * math.log1p(counts[column, row]) / math.log1p(counts.max())
        parts.append(
            f'<rect x="{left + column * cell:.1f}" y="{bottom - (row + 1) * cell:.1f}" width="{cell:.1f}" '
            f'height="{cell:.1f}" fill="{_BAR}" fill-opacity="{shade:.2f}"/>'
        )
    parts.append(_line(x(low), y(low), x(high), y(high), _ACCENT, dashed=True))
    for tick in _ticks(low, high):
        parts.append(_text(left - 6, y(tick) + 4, number(tick), anchor="end"))
        parts.append(_text(x(tick), bottom + 16, number(tick), anchor="middle"))
    parts.append(_text(left + size / 2, bottom + 34, axes[0], anchor="middle"))
    parts.append(_text(left, 14, axes[1]))
    return _svg(title, 462, parts)


def reliability(title: str, confidence: Sequence[float], frequency: Sequence[float]) -> Markup:
    """Calibration: how often what is said with a confidence comes true; the diagonal is perfect."""
    x, y = _scale(0, 1, 70, 400), _scale(0, 1, 340, 20)
    points = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in zip(confidence, frequency, strict=True))
    parts = [_line(x(0), y(0), x(1), y(1), _ACCENT, dashed=True)]
    parts.append(f'<polyline points="{points}" fill="none" stroke="{_BAR}" stroke-width="2"/>')
    for a, b in zip(confidence, frequency, strict=True):
        parts.append(f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="4" fill="{_BAR}"/>')
    for tick in (0, 0.5, 1):
        parts += [
            _text(x(tick), 358, number(tick), anchor="middle"),
            _text(62, y(tick) + 4, number(tick), anchor="end"),
        ]
    parts.append(_text(235, 376, "predicted probability", anchor="middle"))
    parts.append(_text(70, 14, "observed share"))
    return _svg(title, 384, parts)


class _scale:  # noqa: N801  used as a function
    """A linear map of values to pixels."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.start, self.factor = low, start, (end - start) / (high - low)

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) * self.factor


def _ticks(low: float, high: float) -> list[float]:
    """About five round values between two ends."""
    if high <= low:
        return [low]
    rough = (high - low) / 4
    step = 10 ** math.floor(math.log10(rough))
    step *= next(factor for factor in (1, 2, 5, 10) if factor * step >= rough)
    return [round(place * step, 12) for place in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _grid(low: float, high: float, x: _scale, height: int) -> str:
    return "".join(
        _line(x(tick), 4, x(tick), height - 22, _GRID) + _text(x(tick), height - 8, number(tick), anchor="middle")
        for tick in _ticks(low, high)
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 3"' if dashed else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{dash}/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _shorter(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _svg(title: str, height: int, parts: list[str]) -> Markup:
    said = escape(title)
    body = "".join(parts)
    return Markup(  # noqa: S704  every text in it is escaped above
        f'<svg role="img" aria-label="{said}" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'font-size="12" fill="{_INK}"><title>{said}</title>{body}</svg>'
    )
