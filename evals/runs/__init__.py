"""Runs of evaluation sets: what they found, in which formats it is told, and how two of them differ."""
