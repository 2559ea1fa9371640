"""How a change of this repository reaches the account."""
