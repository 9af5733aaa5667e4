"""Markdown as documents of Jira (Atlassian Document Format, version 1), and back without losing a byte of what we wrote."""
