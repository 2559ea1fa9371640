"""The CDK app: read the agency file, make the environments' stacks, attach validation.

Context: `govml:config` the agency file (default `config/sandbox.yaml`), `govml:environment` one environment (default: all of
the file's), `govml:allow-destroy` the second key for deleting data, which must name the environment, as in `sandbox-dev`.
"""

import gc
import sys
from pathlib import Path

from govml.kernel import prepare_kernel
from stacks.synth.calls import spare_work

gc.disable()  # a synth is short and its objects live to the end: the collector only costs time
prepare_kernel()
spare_work()

from aws_cdk import App  # noqa: E402 - after the collector is off and the kernel is prepared

from govml.errors import UserError  # noqa: E402
from govml.rules.options import Options  # noqa: E402
from govml.rules.options_file import save_options  # noqa: E402
from govml.settings import load_settings  # noqa: E402
from govml_constructs.ml.pipeline_definition import DefinitionError  # noqa: E402
from govml_constructs.validation.nag_packs import register_packs  # noqa: E402
from stacks.environment.context import REPOSITORY, EnvironmentContext, agency_file  # noqa: E402
from stacks.environment_stage import EnvironmentStage  # noqa: E402
from stacks.synth.own_rules import register_own_rules  # noqa: E402


def build(app: App) -> Options:
    """Make the stages that the app's context asks for, and return what the agency file demands of their templates."""
    path = agency_file(app.node.try_get_context("govml:config") or "config/sandbox.yaml")
    settings = load_settings(REPOSITORY / path)
    wanted = app.node.try_get_context("govml:environment")
    for name in [wanted] if wanted else settings.environments:
        context = EnvironmentContext(
            settings=settings,
            environment_name=name,
            config_path=str(path),
            allow_destroy=app.node.try_get_context("govml:allow-destroy") == f"{settings.agency}-{name}",
        )
        EnvironmentStage(app, context=context)
    return register_own_rules(app, settings)


def main() -> None:
    """Synthesise; a mistake of the user's is told without a traceback, with exit code 2."""
    app = App()
    register_packs(app)
    try:
        options = build(app)
    except (UserError, DefinitionError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    save_options(Path(app.synth().directory), options)


if __name__ == "__main__":
    main()
