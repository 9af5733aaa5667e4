"""Issue systems: the seam, its adapters, and the one way in which anything is sent to them."""
