"""The page names what the catalogue has, and the collector's file holds together."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from govml.telemetry.metrics import METRICS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_names_every_metric_with_its_labels() -> None:
    text = (DOCS / "telemetry.md").read_text()
    for metric in METRICS:
        assert f"`{metric.name}`" in text
        for label in metric.labels:
            assert f"`{label}`" in text


def test_the_collectors_pipelines_have_what_they_name() -> None:
    config = YAML(typ="safe").load(DOCS / "otel-collector.yaml")
    for pipeline in config["service"]["pipelines"].values():
        for part in ("receivers", "processors", "exporters"):
            assert set(pipeline[part]) <= set(config[part])
    named = {config["exporters"]["prometheusremotewrite"]["auth"]["authenticator"], *config["service"]["extensions"]}
    assert named == set(config["extensions"])
    assert config["extensions"]["sigv4auth"]["service"] == "aps"
