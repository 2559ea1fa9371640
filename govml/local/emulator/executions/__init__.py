"""Pipeline executions that a worker on this machine runs; without one they have succeeded at once, as in moto."""
