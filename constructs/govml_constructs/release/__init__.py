"""Release: what carries an approved model from the registry to its endpoint, and from one environment to the next."""
