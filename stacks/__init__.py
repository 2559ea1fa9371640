"""The stacks of an environment, by theme; README.md is the map. They compose constructs and build nothing inline."""
