"""Web pages by address: fetched only where a person switched it on, and never from inside the network."""
