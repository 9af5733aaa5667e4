"""Cues of languages other than English, one TOML file each: stop words, and how people complain, wish, praise and count the cost."""
