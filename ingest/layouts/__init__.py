"""Known exports, told by their signature and read by position."""
