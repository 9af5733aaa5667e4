"""Seeded defects and harmless edits: what the graders are measured with."""
