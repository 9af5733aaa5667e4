"""The document of a draft as its page shows it: every sentence with its proof, every text with its target."""
