"""Themes of hundreds of thousands of statements: the same for any order, number of workers and machine."""
