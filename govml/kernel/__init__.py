"""jsii's kernel, the Node process behind every CDK construct, and the calls to it: made so that a synth costs less."""

from govml.kernel.calls import spare_work
from govml.kernel.prepare import prepare_kernel
from govml.kernel.type_checks import skip_type_checks

__all__ = ["prepare_kernel", "skip_type_checks", "spare_work"]
