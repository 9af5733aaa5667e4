"""Use cases over tickets: what comes in, what is published, what is said of evidence. Nothing is sent here; see `api/trackers`."""
