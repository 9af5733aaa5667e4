"""What models and programs of others may ask of a workspace: shapes and answers, without any protocol."""
