"""From a question to evidence: quotes for and against, with offsets."""
