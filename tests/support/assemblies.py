"""Assemblies of agency files: each is synthesised once a session, in this process, for all tests that read templates."""

from __future__ import annotations

import atexit
import functools
import gc
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import App

import app as entry
from govml.rules.options_file import save_options
from govml_constructs.validation.nag_packs import register_packs

gc.enable()  # `app` turns the collector off for the short life of a synth; a test session is longer

REPOSITORY = Path(__file__).resolve().parents[2]
CDK_CONTEXT: Mapping[str, Any] = json.loads((REPOSITORY / "cdk.json").read_text())["context"]


def make_app(folder: Path, **context: str) -> App:
    """Return an app with the feature flags of `cdk.json`, as the CDK command line would start it."""
    names = {key.replace("_", "-"): value for key, value in context.items()}
    return App(outdir=str(folder), context={**CDK_CONTEXT, **{f"govml:{key}": value for key, value in names.items()}})


def assemble(config: Path) -> Path:
    """Return the assembly of all environments of an agency file, to be read, not changed.

    The files of `config/` are judged as `app.py` does; what the packs say of others is not the matter of who asks here.
    """
    return _assemble(config, config.read_bytes())


@functools.cache
def _assemble(config: Path, _content: bytes) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="assembly-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    app = make_app(folder, config=str(config))
    if config.parent == REPOSITORY / "config":
        register_packs(app)
    options = entry.build(app)
    app.synth()
    save_options(folder, options)
    return folder
