"""Chat: what a person wants with a turn, what is asked back, and answers whose every sentence carries its proof."""
