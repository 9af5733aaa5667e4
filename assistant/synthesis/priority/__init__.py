"""Prioritisation: pure functions from items with numbers to ordered tables, and their forms for people and spreadsheets."""
