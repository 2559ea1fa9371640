"""Register the nag packs once, with a positive control that proves in every report that each of them ran.

A pack that finds nothing is absent from CDK's validation report, just like one that was never registered. So each
pack is given something to find: a topic without encryption and transport policy, acknowledged like any other finding,
in a stack that is never written to the assembly. When the report lists that finding under a pack, the pack judged this
tree.
"""

from __future__ import annotations

import aws_cdk as cdk
import cdk_nag
import jsii
from aws_cdk import aws_sns as sns
from constructs import IConstruct, IValidation

from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_canary import CANARY_RULES, CANARY_STACK, CANARY_TOPIC

_ACKNOWLEDGED = "aws:cdk:acknowledged-rules"


def register_packs(app: cdk.App) -> None:
    """Let AwsSolutions and NIST 800-53 R5 judge every resource of the app, once.

    Args:
        app: the app; on a stage, cdk-nag would scan the whole app once per stage.

    Raises:
        ValueError: not an app, or called a second time.
    """
    if not cdk.App.is_app(app):
        raise ValueError("register the nag packs on the app, not on a stage or a stack")
    if app.node.try_find_child(CANARY_STACK) is not None:
        raise ValueError("the nag packs are registered already")
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app), cdk_nag.NIST80053R5Checks(app))
    app.node.add_validation(_NothingAcknowledgedForAll(app))
    canary = cdk.Stack(app, CANARY_STACK, synthesizer=_NotInTheAssembly(), analytics_reporting=False)
    acknowledge(
        sns.CfnTopic(canary, CANARY_TOPIC),
        *CANARY_RULES.values(),
        reason="Positive control: shows that this pack ran; never synthesised, never deployed.",
        owner="govml gate",
        expires="9999-12-31",
    )


class _NotInTheAssembly(cdk.BootstraplessSynthesizer):
    """Writes nothing: the stack exists in the construct tree, where the packs look, and nowhere else."""

    def synthesize(self, session: cdk.ISynthesisSession) -> None:
        """Write no template and no artifact."""


@jsii.implements(IValidation)
class _NothingAcknowledgedForAll:
    """Refuses acknowledgements on an app or a stage: no stack's metadata shows them, the gate could not see them."""

    def __init__(self, app: cdk.App) -> None:
        self._app = app

    def validate(self) -> list[str]:
        """Return one message for each construct above the stacks that carries an acknowledgement."""
        above: list[IConstruct] = [self._app, *(c for c in self._app.node.children if cdk.Stage.is_stage(c))]
        guilty = [c for c in above if any(entry.type == _ACKNOWLEDGED for entry in c.node.metadata)]
        return [f"{c.node.path or 'app'}: acknowledge beside the cause, not for a whole app or stage" for c in guilty]
