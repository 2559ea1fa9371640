"""Every type of resource that the stacks can make has a price or is known to be free."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from all_types import template
from bench import Stand

from govml.cost.prices import load_prices


def test_of_the_bench_and_of_the_list_of_all_types(bench: Mapping[str, Stand], bench_folder: Path) -> None:
    made = json.loads((bench_folder / "out" / "Bench.template.json").read_text())
    types = {each["Type"] for body in (made, template()) for each in body["Resources"].values()}
    assert len(types) > 80
    prices = load_prices()
    by_item = {  # paid for by instances and by data
        "AWS::SageMaker::DataQualityJobDefinition",
        "AWS::SageMaker::Endpoint",
        "AWS::SageMaker::Pipeline",
    }
    unknown = [name for name in types - by_item if not prices.of_type(name, "ap-southeast-1")]
    assert unknown == []
