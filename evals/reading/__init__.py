"""A draft as its readers see it: every piece of prose with its place, and what that place licenses."""
