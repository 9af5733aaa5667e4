"""The assistant: words, seams, search, drafting and grounding. Truth is this package's duty."""
