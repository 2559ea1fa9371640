"""Templates of other hands that do things in their own, legitimate way: no rule may have anything to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from govml.rules.engine import check_templates

TEMPLATES = sorted((Path(__file__).parent / "clean").iterdir())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_clean_template_has_no_finding(template):
    assert check_templates([template]) == []


def test_there_are_templates():
    assert len(TEMPLATES) >= 5
