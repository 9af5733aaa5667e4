"""A draft as others read it: one tree of headings, paragraphs, lists and tables, and every format that is made from it."""
