"""Who may talk to the service and do what there, and the log of what was done."""
