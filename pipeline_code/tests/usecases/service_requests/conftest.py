from __future__ import annotations

import pytest

from govml_pipeline import notebook
from govml_pipeline.model.artefact import Model
from govml_pipeline.usecase import UseCase, load_use_case


@pytest.fixture(scope="session")
def use_case() -> UseCase:
    return load_use_case("service_requests")


@pytest.fixture(scope="session")
def prepared(use_case: UseCase) -> notebook.Prepared:
    return notebook.prepare(use_case, notebook.sample_rows(use_case, rows=4000, seed=1))


@pytest.fixture(scope="session")
def model(use_case: UseCase, prepared: notebook.Prepared) -> Model:
    return notebook.train(use_case, prepared, seed=1)
