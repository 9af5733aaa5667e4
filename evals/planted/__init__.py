"""Small corpora in five languages with planted topics, written for this project (CC0)."""
