"""What an account needs before any data: people's roles, keys, evidence, the network, the rules of a GCC account."""
