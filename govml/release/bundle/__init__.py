"""The approval bundle: one page with everything that whoever approves a model has to see, and what to look at first."""
