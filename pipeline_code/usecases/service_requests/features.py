"""The fitted transformation: the contract's columns, what a division was like before, season and trend."""

from __future__ import annotations

from govml_pipeline.data.contract import load_contract
from govml_pipeline.features.tabular import TabularTransformation
from govml_pipeline.features.tabular_settings import TabularSettings

CONTRACT = load_contract("data_sources.service_requests")


class Features(TabularTransformation):
    """Features of this use case; see `govml_pipeline.features.tabular`."""

    settings = TabularSettings(
        contract=CONTRACT,
        kind="classification",
        # The number tells nothing. The language must not decide: it is kept for the fairness report.
        ignore=("request", "language"),
        categories=("division",),
        positive="YES",
        # A request of January may be closed as late as March: its label serves April for the first time.
        label_delay=2,
        half_life=9.0,
    )
