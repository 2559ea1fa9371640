"""Resale prices of public housing flats in Singapore: the worked example of a regression use case."""
