"""The picture as Mermaid text, which GitLab, GitHub and editors show as a drawing."""

from __future__ import annotations

from govml.lineage.kinds import LANES
from govml.lineage.picture import Picture


def mermaid(picture: Picture) -> str:
    """Return a flow chart: lanes as groups, data as solid arrows, starts as dotted ones."""
    lines = ["flowchart LR"]
    for number, lane in enumerate(LANES):
        boxes = [box for box in picture.boxes if box.lane == number]
        if boxes:
            lines += [f'  subgraph lane{number}["{lane}"]']
            for box in boxes:
                left, right = ("[(", ")]") if box.holds else ("([", "])")
                lines.append(f'    {box.id}{left}"{box.title}<br/>{box.noun}"{right}')
            lines.append("  end")
    for flow in picture.flows:
        arrow = "-->" if flow.what == "data" else "-.->"
        lines.append(f"  {flow.source} {arrow} {flow.target}")
    return "\n".join(lines) + "\n"
