"""Themes on their way out: tables, files, and a report that opens anywhere."""
