"""Model processes: one for each variant of a configuration, started, watched, restarted and drained."""
