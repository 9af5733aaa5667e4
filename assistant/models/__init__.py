"""Model files that the package ships (see NOTICE)."""
