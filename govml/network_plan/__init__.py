"""What a network must hold: the endpoints that the chosen components call, the subnets, and the addresses they take.

Plain Python over plain values: the agency file is judged with it, and the stacks build what it says.
"""
