"""A branch held against a draft: what it says it does, what it touches, what it goes against."""
