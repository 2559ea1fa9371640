"""What the demo made, where to look, and how long it took."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from govml.demo.release import approval_page
from govml.local.paths import REPOSITORY, state_directory


def summary(seconds: Mapping[str, float], prediction: Mapping[str, Any], *, config: str, use_case: str) -> str:
    """Return the demo's last page, as plain text.

    Args:
        seconds: step -> wall time.
        prediction: answer of the served model.
        config: the agency file.
        use_case: the use case that was trained.
    """
    return "\n".join(
        [
            "",
            "== What was made",
            *_made(REPOSITORY / "cdk.out", prediction, use_case),
            "",
            "== Where to look",
            *_where(config, use_case),
            "",
            "== Times",
            *(f"   {took:6.1f} s  {title}" for title, took in seconds.items()),
        ]
    )


def _made(assembly: Path, prediction: Mapping[str, Any], use_case: str) -> Iterator[str]:
    from govml.execution.record import RunStore

    templates = [json.loads(path.read_text()) for path in sorted(assembly.rglob("*.template.json"))]
    resources = sum(len(template.get("Resources", {})) for template in templates)
    yield f"   {len(templates)} stacks with {resources} resources, deployed into a local emulator: it shows that they fit"
    yield "   together, not that AWS accepts them (docs/local-account.md has the gaps)"
    run = RunStore(state_directory() / "runs").load("latest")
    yield f"   pipeline run {run.run_id}: {run.status}; registered {run.model_package_arn or 'nothing'}"
    for name, value in sorted(_metrics(run.steps).items()):
        yield f"   {name} {value}"
    yield f"   one prediction for {use_case}: {json.dumps(prediction)}"


def _metrics(steps: list[Any]) -> dict[str, str]:
    for step in steps:
        metadata = step.properties.get("CustomerMetadataProperties")
        if isinstance(metadata, dict):
            return {str(key): str(value) for key, value in metadata.items()}
    return {}


def _where(config: str, use_case: str) -> Iterator[str]:
    state = state_directory()
    yield "   cdk.out/                                 the templates, and validation-report.json"
    yield "   govml gate cdk.out                       every acknowledged finding, with its reason"
    yield f"   govml config show {config:<22} the switches, and where each value comes from"
    yield "   govml pipeline show latest               the run, step by step; logs beside it"
    if approval_page().exists():
        yield f"   {_relative(approval_page())}: what the approver read: metrics, fairness, lineage, card"
    yield f"   {_relative(state / 'mlflow')}: MLflow's store; look at it with"
    yield f"     pipeline_code/.venv/bin/mlflow ui --backend-store-uri sqlite:///{_relative(state / 'mlflow' / 'mlflow.db')}"
    yield f"   govml demo --keep                        leaves the account up: then try `govml model list {use_case}`"


def _relative(path: Path) -> str:
    return str(path.relative_to(REPOSITORY)) if path.is_relative_to(REPOSITORY) else str(path)
