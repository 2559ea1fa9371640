"""From the file to settings, or to a list of every problem with its line."""
