"""Explanation: which features move the model's answers, on the whole and for single rows."""
