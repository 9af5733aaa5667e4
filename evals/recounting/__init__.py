"""The second opinion on every number: facts counted again over columns of its own."""
