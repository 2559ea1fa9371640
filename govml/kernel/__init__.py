"""jsii's kernel, the Node process behind every CDK construct: started so that a synth costs less."""

from govml.kernel.prepare import prepare_kernel

__all__ = ["prepare_kernel"]
