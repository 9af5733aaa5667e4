"""From statements to themes: groups that cover every statement, hold still, and are the same on every machine."""
