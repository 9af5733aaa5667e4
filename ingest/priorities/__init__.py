"""Tables of items or of answer pairs, from files, requests and records, to priorities."""
