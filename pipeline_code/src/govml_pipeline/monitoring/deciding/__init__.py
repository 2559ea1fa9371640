"""From judged windows to a verdict, and what is remembered for the next look."""
