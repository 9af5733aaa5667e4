"""Changing a draft that is written: edits by target, what they leave alone, and what differs afterwards."""
