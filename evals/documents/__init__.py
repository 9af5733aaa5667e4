"""Files that people wrote or edited, held against the store: rendered drafts and documents from elsewhere."""
