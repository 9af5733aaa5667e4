"""Normalising, language and duplicates."""
