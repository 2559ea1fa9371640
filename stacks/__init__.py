"""The stacks: one a file, each a layer and a duty. They compose constructs and build nothing inline."""
