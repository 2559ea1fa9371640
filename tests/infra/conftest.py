"""One synth for the whole session of each: the bench (every construct once), the profiles, variants of agency files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from assemblies import REPOSITORY, assemble, make_app
from aws_cdk import App
from bench import IMPORTED, Bench, BenchStack, Stand, stands
from cfn_templates import ACCOUNT, Deployment, read_deployment
from profiles import Profile
from ruamel.yaml import YAML

import app as entry
from govml.rules.options import Options
from govml.rules.options_file import save_options
from govml.settings import load_settings
from govml_constructs.validation.nag_packs import register_packs


@pytest.fixture(scope="session")
def bench_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the bench is synthesised."""
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="session")
def bench(bench_folder: Path) -> Mapping[str, Stand]:
    """Every construct once, by its id; the synth raises when either nag pack has an open finding."""
    app = make_app(bench_folder / "out")
    register_packs(app)
    built = Bench(app, bench_folder)
    app.synth()
    accounts = (ACCOUNT, "210987654321")  # the latter's metrics are shown in the agency's page
    save_options(bench_folder / "out", Options(accounts=accounts, model_monitor=True))
    return stands(built, read_deployment(bench_folder / "out").templates["Bench"])


@pytest.fixture(scope="session")
def sandbox() -> Deployment:
    """`config/sandbox.yaml`, built and judged as `app.py` does."""
    return read_deployment(assemble(REPOSITORY / "config" / "sandbox.yaml"))


@pytest.fixture(scope="session", params=sorted(path.stem for path in (REPOSITORY / "config").glob("*.yaml")))
def profile(request: pytest.FixtureRequest) -> Profile:
    """Each agency file of `config/`, all its environments in one synth, judged as `app.py` does."""
    name: str = request.param
    path = REPOSITORY / "config" / f"{name}.yaml"
    if name == "sandbox":
        return Profile(name, load_settings(path), request.getfixturevalue("sandbox"))
    return Profile(name, load_settings(path), read_deployment(assemble(path)))


@pytest.fixture
def built(tmp_path: Path) -> Callable[[Path], Path]:
    """Build an agency file, judged as `app.py` does, and return the assembly's folder."""

    def _built(config: Path) -> Path:
        folder = tmp_path / "out"
        app = make_app(folder, config=str(config))
        register_packs(app)
        options = entry.build(app)
        app.synth()
        save_options(folder, options)
        return folder

    return _built


MINIMAL = """
agency: mini
project_code: MINI
owner: team@example.gov.sg
data_classification: restricted
maturity: stage1
environments:
  dev: {account: "123456789012", cidr: 10.1.0.0/22}
  uat: {account: "123456789012", cidr: 10.2.0.0/22, removal: destroy}
  prod: {account: "210987654321", cidr: 10.3.0.0/22}
"""


@pytest.fixture(scope="session")
def minimal_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An agency at the first stage of maturity, nearly all switches off, with three environments."""
    path = tmp_path_factory.mktemp("config") / "minimal.yaml"
    path.write_text(MINIMAL)
    return path


@pytest.fixture(scope="session")
def minimal(minimal_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The first environment of the minimal agency."""
    folder = tmp_path_factory.mktemp("minimal")
    app = make_app(folder, config=str(minimal_file), environment="dev")
    entry.build(app)
    app.synth()
    return read_deployment(folder)


@pytest.fixture(scope="session")
def shared_account(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """Two environments with everything on, in one account whose landing zone demands a boundary, a role path and central logs.

    `dev` may be deleted: both keys agree. `uat` has only the first key.
    """
    folder = tmp_path_factory.mktemp("shared")
    agency = YAML(typ="safe", pure=True).load(REPOSITORY / "config" / "sandbox.yaml")
    agency["environments"]["uat"] = {"account": ACCOUNT, "cidr": "172.20.0.0/22", "removal": "destroy"}
    agency["iam"] |= {"permissions_boundary": "AgencyBoundary", "role_path": "/agency/"}
    agency["observability"] = {"log_shipping": {"delivery_stream": "central"}}  # with a role of our own
    agency["features"] = {**agency["features"], "gcc_baseline": True}
    agency["platform"] = {"mlflow": "tracking-server", "tracking_server_size": "large"}
    acceptance = {"mape": {"max": 4.5}, "mae": {"max": 31000}}
    tuning = {"strategy": "Random", "trials": 9, "parallel_trials": 3}
    use_case = {"instance_type": "ml.m5.4xlarge", "train_instances": 2, "tuning": tuning, "acceptance": acceptance}
    agency["use_cases"] = {"hdb_resale": use_case}
    (folder / "shared.yaml").write_text(json.dumps(agency))
    app = make_app(folder / "out", config=str(folder / "shared.yaml"), allow_destroy="sandbox-dev")
    entry.build(app)
    app.synth()
    return read_deployment(folder / "out")


@pytest.fixture(scope="session")
def importing(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The sandbox, with two roles, a key and a bucket that exist already, judged by both nag packs."""
    folder = tmp_path_factory.mktemp("importing")
    agency = YAML(typ="safe", pure=True).load(REPOSITORY / "config" / "sandbox.yaml")
    agency["environments"]["dev"]["imported"] = IMPORTED
    (folder / "importing.yaml").write_text(json.dumps(agency))
    app = make_app(folder / "out", config=str(folder / "importing.yaml"))
    register_packs(app)
    entry.build(app)
    app.synth()
    return read_deployment(folder / "out")


@pytest.fixture
def scratch(tmp_path: Path) -> BenchStack:
    """An empty stack for constructors that are expected to refuse; it is never synthesised."""
    return BenchStack(make_app(tmp_path))


@pytest.fixture(scope="session")
def new_app() -> Callable[..., App]:
    """`make_app`, for tests that need an app of their own."""
    return make_app
