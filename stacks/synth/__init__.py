"""What a synth needs around the stacks: the own rules as a plugin, jsii without its run-time checks."""
