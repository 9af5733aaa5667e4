"""Prompts and kinds as versioned data."""
