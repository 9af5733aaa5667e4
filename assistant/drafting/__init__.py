"""From evidence to a draft: needs, facts, writers, grounding, rendering."""
