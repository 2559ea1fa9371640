"""Resale prices of public housing flats, as the Housing & Development Board publishes them: contract, publisher, sample."""
