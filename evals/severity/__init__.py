"""What the ranks of tickets are learned from, and how."""
