"""The web pages, one module each. Every page also answers as JSON, and as Markdown or CSV where it holds a table."""
