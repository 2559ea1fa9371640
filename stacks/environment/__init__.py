"""What every stack stands on: the environment's settings, the base class, tags of costs, the code of jobs."""
