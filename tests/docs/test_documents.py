"""What the documents say can be followed: links and anchors lead somewhere, each page is one click from the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documents import DOCUMENTS, REPOSITORY, anchors, links, name_of

INDEX = REPOSITORY / "docs" / "README.md"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(document: Path) -> None:
    for target, anchor in links(document):
        assert target.exists(), f"links to {target}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"links to {target.name}#{anchor}, whose headings are {anchors(target)}"


def test_every_page_is_one_click_from_the_index() -> None:
    listed = {target for target, _ in links(INDEX)}
    pages = set((REPOSITORY / "docs").glob("*.md")) | set((REPOSITORY / "docs" / "use-cases").glob("*.md"))
    assert {name_of(path) for path in pages - listed} == {"docs/README.md"}


def test_the_front_page_sends_each_reader_where_the_index_does() -> None:
    """The second column of both tables is the first page of a reader, one link."""
    front, index = (first_pages(page) for page in (REPOSITORY / "README.md", INDEX))
    assert len(front) >= 8
    assert set(front) <= set(index)


def first_pages(page: Path) -> list[tuple[Path, str]]:
    rows = page.read_text().split("| you are a |")[1].split("\n\n")[0].splitlines()[2:]
    pages = []
    for row in rows:
        (target, anchor), *more = re.findall(r"\]\(([^)#\s]*)(?:#([^)]*))?\)", row.split("|")[2])
        assert not more, f"two first pages: {row}"
        pages.append(((page.parent / target).resolve(), anchor))
    return pages
