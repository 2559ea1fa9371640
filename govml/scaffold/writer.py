"""Writing a new use case: every file is rendered beside its place first, and all move there, or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

from govml.errors import UserError
from govml.scaffold.columns import Dataset, Kind, contract_text
from govml.scaffold.kinds import Choices, choices
from govml.scaffold.names import check_name, targets

_LEAK = '''
def with_other_targets(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows, each with the target of another one: a model that looks at it has leaked."""
    return rows.with_columns(pl.col("{target}").reverse())

'''
_LEAK_TEST = """    Invariance(
        name="target_is_not_looked_at",
        why="What is to be predicted has no influence on the prediction.",
        change=with_other_targets,
    ),
"""
# A child of the staging folder's tree -> its template.
_FILES = {
    "pipeline_code/data_sources/{name}/__init__.py": "source_init",
    "pipeline_code/data_sources/{name}/sample.py": "sample",
    "pipeline_code/usecases/{name}/__init__.py": "usecase_init",
    "pipeline_code/usecases/{name}/features.py": "features",
    "pipeline_code/usecases/{name}/definition.py": "definition",
    "pipeline_code/usecases/{name}/model_tests.py": "model_tests",
    "pipeline_code/usecases/{name}/pipeline.py": "pipeline",
    "pipeline_code/tests/usecases/{name}/conftest.py": "test_fixtures",
    "pipeline_code/tests/usecases/{name}/test_unit.py": "test_unit",
    "pipeline_code/tests/usecases/{name}/test_data.py": "test_data",
    "pipeline_code/tests/usecases/{name}/test_model.py": "test_model_{group}",
    "docs/use-cases/{slug}.md": "page",
}


def write_use_case(
    root: Path, name: str, kind: Kind, dataset: Dataset, *, author: Callable[[Path], None] | None
) -> list[Path]:
    """Write a use case into a repository; return what is new.

    Args:
        root: the repository.
        name: name of the use case and of its data source.
        kind: kind of the use case.
        dataset: its columns.
        author: writes `definition.json`, given the staging folder's `pipeline_code`; None: nobody does.

    Raises:
        UserError: the name is wrong or taken, the folder is no such repository, or the definition cannot be authored;
            nothing is written then.
    """
    if not (root / "pipeline_code" / "usecases").is_dir():
        raise UserError(f"{root} is not this repository: it has no pipeline_code/usecases", hint="go to its root")
    check_name(root, name)
    with tempfile.TemporaryDirectory(prefix=".new-use-case-", dir=root) as folder:
        staging = Path(folder)
        for path, text in render(name, kind, dataset).items():
            (staging / path).parent.mkdir(parents=True, exist_ok=True)
            (staging / path).write_text(text, encoding="utf-8")
        if author is not None:
            author(staging / "pipeline_code")
        for cache in list(staging.rglob("__pycache__")):
            shutil.rmtree(cache)
        return _move({staging / part: place for part, place in targets(root, name).items()})


def render(name: str, kind: Kind, dataset: Dataset) -> dict[str, str]:
    """Return the text of every file by its path in the repository."""
    target = dataset.column(dataset.target) if dataset.target else None
    chosen = choices(kind, len(target.values) if target else 0)
    values = _values(name, kind, dataset, chosen)
    group: str = "number" if kind in ("regression", "timeseries") else kind
    group = "anomaly_unlabelled" if kind == "anomaly" and not dataset.target else group
    templates = resources.files("govml.scaffold") / "templates"
    files = {
        path.format(name=name, slug=values["slug"]): Template(
            (templates / f"{template.format(group=group)}.tmpl").read_text(encoding="utf-8")
        ).substitute(values)
        for path, template in _FILES.items()
    }
    files[f"pipeline_code/data_sources/{name}/contract.toml"] = contract_text(name, values["title"], dataset)
    return files


def agency_entry(name: str, kind: Kind, dataset: Dataset) -> str:
    """Return what the agency file needs, as YAML."""
    target = dataset.column(dataset.target) if dataset.target else None
    criteria = choices(kind, len(target.values) if target else 0).criteria
    lines = [
        f"      {metric}: {{ {side}: {limit:g} }}"
        for metric, found in criteria.items()
        for side, limit in found.items()
    ]
    return "\n".join(
        ["data:", "  sources:", f"    {name}: {{}}", "", "use_cases:", f"  {name}:", "    acceptance:", *lines]
    )


def _values(name: str, kind: Kind, dataset: Dataset, chosen: Choices) -> dict[str, str]:
    series = tuple(column for column in dataset.key if column not in (dataset.time, dataset.target))
    settings = {**chosen.settings, **({"series": series} if kind == "timeseries" else {})}
    segments = [
        column.name for column in dataset.columns if column.kind == "category" and column.name != dataset.target
    ]
    groups = tuple(segments[:1]) if kind in ("regression", "classification") else ()
    title = name.replace("_", " ").capitalize()
    return {
        "name": name,
        "slug": name.replace("_", "-"),
        "title": title,
        "kind": kind,
        "article": chosen.article,
        "algorithm": chosen.algorithm,
        "time": dataset.time,
        "target": dataset.target,
        "about": f"`{dataset.target}`" if dataset.target else "nothing: there is no target",
        "first_month": dataset.first_month,
        "last_month": dataset.last_month,
        "parameters": _entries(chosen.parameters, 12),
        "search": _entries(chosen.search, 12),
        "settings": "".join(f"        {key}={_python(value)},\n" for key, value in settings.items()),
        "segments": _python(tuple(segments[:2])),
        "imported": "Invariance, MinimumFunctionality" if dataset.target else "MinimumFunctionality",
        "leak": _LEAK.format(target=dataset.target) if dataset.target else "",
        "leak_test": _LEAK_TEST if dataset.target else "",
        "fairness_import": "from govml_pipeline.fairness.settings import FairnessSettings\n" if groups else "",
        "fairness": f"    fairness=FairnessSettings(groups={_python(groups)}),\n" if groups else "",
        "headline": chosen.headline,
        "criteria": _python(dict(chosen.criteria)),
        "columns": "\n".join(
            f"| `{column.name}` | {column.kind} | {column.description} |" for column in dataset.columns
        ),
        "entry": agency_entry(name, kind, dataset),
    }


def _entries(values: Any, indent: int) -> str:
    return "\n".join(f"{' ' * indent}{_python(key)}: {_python(value)}," for key, value in values.items())


def _python(value: Any) -> str:
    """Return a value as the formatter writes it, with double quotes."""
    return repr(value).replace("'", '"')


def _move(parts: dict[Path, Path]) -> list[Path]:
    """Move files and folders to their places; take all back if one cannot be moved."""
    with ExitStack() as undo:
        for source, place in parts.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.exists():
                raise UserError(f"{place} has just appeared", hint="choose another name; nothing is replaced")
            source.rename(place)
            undo.callback(place.rename, source)
        undo.pop_all()
    return list(parts.values())
