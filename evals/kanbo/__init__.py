"""The fictional app Kanbo: generated sample data with planted truths."""
