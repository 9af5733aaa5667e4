"""Bytes to text blocks with anchors: one module per format."""
