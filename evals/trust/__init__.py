"""The graders put to the test: defects and harmless edits in clean drafts, and what is newly found."""
