"""Drafts that people edit: every version is graded before it is kept, and every one can be undone."""
