"""One module per export layout."""
