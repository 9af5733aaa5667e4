"""From files to records: connectors, parsers, cleaning, one pipeline."""
