"""One HTML page for a reviewer: no external resource, no network, printable, filtered by a few lines of script.

Everything is in the page's markup, so that it can be read without the script too. A content security policy names the
page's own style and script by their hashes and forbids the rest.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from string import Template

from govml import __version__
from govml.evidence.evidence import Evidence
from govml.evidence.outputs import page_tables as tables
from govml.evidence.outputs.markup import escaped, options
from govml.evidence.row import Status


def page(evidence: Evidence) -> str:
    """Return the page."""
    style, script = _asset("page.css"), _asset("page.js")
    names = [profile.name for profile in evidence.profiles]
    return Template(_asset("page.html")).substitute(
        day=evidence.day.isoformat(),
        version=escaped(__version__),
        profiles=escaped(", ".join(names)),
        profile_options=options(names),
        status_options=options([status.value for status in Status]),
        banner=escaped(_banner(evidence)),
        banner_class="good" if evidence.passed else "bad",
        summary=tables.summary(evidence),
        open=tables.open_items(evidence),
        acknowledgements=tables.acknowledgements(evidence),
        public_sector=tables.public_sector(evidence),
        nist=tables.nist(evidence),
        rules=tables.rules(evidence),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _banner(evidence: Evidence) -> str:
    unproven = sorted({name for profile in evidence.profiles for name in profile.unproven})
    if unproven:
        return f"Not proven to have run: {', '.join(unproven)}. What these rules would say is not known."
    if evidence.open:
        return f"{len(evidence.open)} open. This state must not be deployed."
    return f"Nothing open. {len(evidence.acknowledgements)} acknowledgements to agree with or not."


def _asset(name: str) -> str:
    return (files("govml.evidence.outputs") / "assets" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
