"""Where data lies and who reads it: the lake, its grants, the warehouse beside it."""
