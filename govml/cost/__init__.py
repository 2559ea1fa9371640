"""What the stacks cost: read from synthesised templates and a dated price table, before anything is deployed."""
