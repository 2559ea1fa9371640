"""From what came in to windows that are judged, one group of signals after the other."""
