"""Training of what decides the type of a record: seed texts of our own, and the command that turns them into weights."""
