"""From many records to few statements about them."""
