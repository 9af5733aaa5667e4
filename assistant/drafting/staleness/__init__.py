"""Which claims of drafts no longer hold, and what changed."""
