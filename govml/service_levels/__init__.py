"""What a service promises, how fast it may break the promise, and the alarms that follow: one arithmetic for all tools."""
