"""The documents of the repository, and what can be read out of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    {
        path
        for pattern in ("*.md", "docs/**/*.md", "*/README.md", "pipeline_code/*/README.md")
        for path in REPOSITORY.glob(pattern)
        if path.is_file() and not path.is_relative_to(REPOSITORY / "node_modules")
    }
)
_FENCE = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)


def name_of(document: Path) -> str:
    return str(document.relative_to(REPOSITORY))


@cache
def prose(document: Path) -> str:
    """Return a document without its blocks of code."""
    return _FENCE.sub("", document.read_text())


@cache
def code(document: Path) -> list[str]:
    """Return a document's code: each line of its blocks, continued lines joined, and each span."""
    text = document.read_text()
    lines = [line for block in _FENCE.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    return lines + re.findall(r"`([^`\n]+)`", prose(document))


@cache
def anchors(document: Path) -> frozenset[str]:
    """Return the names that headings can be linked by, as GitHub and GitLab make them."""
    seen: dict[str, int] = {}
    found = set()
    for heading in re.findall(r"^#{1,6} (.*)$", prose(document), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        found.add(f"{name}-{seen[name]}" if name in seen else name)
        seen[name] = seen.get(name, 0) + 1
    return frozenset(found)


def links(document: Path) -> Iterator[tuple[Path, str]]:
    """Yield each link into the repository: the file or folder, and the anchor without its sign (empty for none)."""
    for target, anchor in re.findall(r"\[[^\]]*\]\(([^)#\s]*)(?:#([^)]*))?\)", prose(document)):
        if "://" not in target and not target.startswith("mailto:"):
            yield (document.parent / target).resolve() if target else document, anchor
