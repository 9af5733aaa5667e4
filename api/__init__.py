"""The surfaces: HTTP, web pages and the command line."""
