"""The catalog (truth) and the vector index (cache)."""
