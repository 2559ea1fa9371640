"""Model endpoints and batch transform: what is released is a parameter of the stack, how it is released is fixed by it."""
