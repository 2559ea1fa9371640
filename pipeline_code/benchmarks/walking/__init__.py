"""Parts of the walk forward: what was predicted month by month, resampled stable months, and the libraries compared with."""
