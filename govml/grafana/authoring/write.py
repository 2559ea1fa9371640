"""All dashboards as files: the same text for the same code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from govml.grafana.authoring.agency import agency
from govml.grafana.authoring.drift import drift
from govml.grafana.authoring.endpoint import endpoint
from govml.grafana.authoring.foundation_models import foundation_models
from govml.grafana.authoring.pipelines import ingestion, pipelines
from govml.grafana.authoring.releases import releases
from govml.grafana.authoring.service_levels import service_levels

FOLDER: Final = Path(__file__).resolve().parents[1] / "dashboards"

#: Folder in Grafana, as its directory is called -> its dashboards.
_BOARDS: Final = {
    "overview": (agency,),
    "service-levels": (service_levels,),
    "models": (endpoint, drift, releases),
    "data-and-pipelines": (ingestion, pipelines),
    "foundation-models": (foundation_models,),
}


def texts() -> dict[Path, str]:
    """Return file below `FOLDER` -> text."""
    found = {}
    for folder, boards in _BOARDS.items():
        for make in boards:
            made = make().build()
            name = str(made.uid).removeprefix("govml-")
            plain = json.loads(json.dumps(made, cls=JSONEncoder))
            for number, panel in enumerate(plain["panels"], 1):
                panel["id"] = number  # Grafana would number them itself, at each reading anew
            found[Path(folder) / f"{name}.json"] = (
                json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
            )
    return found
