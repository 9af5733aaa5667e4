"""Graders, evaluation sets and the gate. Quality is this package's duty."""
