"""Files that are made to hurt whoever reads them, one function each."""
