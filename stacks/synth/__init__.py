"""What a synth needs around the stacks: the own rules as a plugin, and calls to jsii that cost less."""
