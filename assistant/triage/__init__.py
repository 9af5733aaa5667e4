"""What a ticket repeats, how bad it is, what it lacks and what it says. Pure logic over records; nothing is sent."""
