"""Evaluation sets and their cases: the format, where they live, and how they travel."""
