"""What a person wants: decided from their own words, by rules and by nearness to example sentences."""
