"""Feature store: features declared once in code, written once, and read the same way by training and inference."""
