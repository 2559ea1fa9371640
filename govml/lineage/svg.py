"""The picture as one SVG file, without script or outside font, that any browser shows."""

from __future__ import annotations

from html import escape

from govml.lineage.kinds import LANES
from govml.lineage.picture import Box, Picture

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _TOP, _LEFT = 190, 52, 90, 26, 70, 24
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1c2430}.lane{font-weight:600;fill:#5b6676}.noun{font-size:11px;fill:#5b6676}"
    ".holds{fill:#e7f0fb;stroke:#2b6cb0}.moves{fill:#fdf3e1;stroke:#b7791f}.data{stroke:#4a5568;fill:none;stroke-width:1.4}"
    ".start{stroke:#b7791f;fill:none;stroke-width:1.4;stroke-dasharray:5 4}"
)


def svg(picture: Picture) -> str:
    """Return the drawing: a column for each lane, data as solid arrows, starts as dashed ones."""
    lanes = [[box for box in picture.boxes if box.lane == number] for number in range(len(LANES))]
    places = {
        box.id: (_LEFT + number * (_WIDTH + _GAP_X), _TOP + row * (_HEIGHT + _GAP_Y))
        for number, boxes in enumerate(lanes)
        for row, box in enumerate(boxes)
    }
    width = _LEFT + len(LANES) * (_WIDTH + _GAP_X)
    height = _TOP + max(map(len, lanes)) * (_HEIGHT + _GAP_Y) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="Lineage of data"><style>{_STYLE}</style>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L10 5L0 10z" fill="#4a5568"/></marker></defs>',
    ]
    parts += [
        f'<text class="lane" x="{_LEFT + number * (_WIDTH + _GAP_X)}" y="36">{escape(lane)}</text>'
        for number, lane in enumerate(LANES)
    ]
    parts += [_arrow(places[flow.source], places[flow.target], flow.what) for flow in picture.flows]
    parts += [_box(box, *places[box.id]) for box in picture.boxes]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _box(box: Box, x: int, y: int) -> str:
    kind, radius = ("holds", 4) if box.holds else ("moves", 18)
    title = box.title if len(box.title) <= 26 else f"{box.title[:25]}…"
    return (
        f"<g><title>{escape(f'{box.title} ({box.noun}), stack {box.stack}' if box.stack else box.title)}</title>"
        f'<rect class="{kind}" x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="{radius}"/>'
        f'<text x="{x + _WIDTH / 2:g}" y="{y + 23}" text-anchor="middle">{escape(title)}</text>'
        f'<text class="noun" x="{x + _WIDTH / 2:g}" y="{y + 40}" text-anchor="middle">{escape(box.noun)}</text></g>'
    )


def _arrow(source: tuple[int, int], target: tuple[int, int], what: str) -> str:
    (x1, y1), (x2, y2) = source, target
    if x2 > x1:
        start, end = (x1 + _WIDTH, y1 + _HEIGHT / 2), (x2, y2 + _HEIGHT / 2)
        bend = max((end[0] - start[0]) / 2, 30)
        curve = f"C{start[0] + bend:g} {start[1]:g} {end[0] - bend:g} {end[1]:g} {end[0]:g} {end[1]:g}"
    elif x2 < x1:
        start, end = (x1, y1 + _HEIGHT * 0.7), (x2 + _WIDTH, y2 + _HEIGHT * 0.7)
        bend = max((start[0] - end[0]) / 2, 30)
        curve = f"C{start[0] - bend:g} {start[1]:g} {end[0] + bend:g} {end[1]:g} {end[0]:g} {end[1]:g}"
    else:
        down = y2 > y1
        start = (x1 + _WIDTH, y1 + _HEIGHT * (0.7 if down else 0.3))
        end = (x2 + _WIDTH, y2 + _HEIGHT * (0.3 if down else 0.7))
        curve = f"C{start[0] + 40:g} {start[1]:g} {end[0] + 40:g} {end[1]:g} {end[0]:g} {end[1]:g}"
    return f'<path class="{what}" marker-end="url(#tip)" d="M{start[0]:g} {start[1]:g}{curve}"/>'
