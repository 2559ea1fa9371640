"""The page for reviewers: one HTML file without anything from outside, and without scripts."""
