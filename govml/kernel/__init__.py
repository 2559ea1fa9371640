"""jsii's kernel, the Node process behind every CDK construct: started so that a synth costs less."""

from govml.kernel.prepare import prepare_kernel
from govml.kernel.type_checks import skip_type_checks

__all__ = ["prepare_kernel", "skip_type_checks"]
