"""Language models and embedders behind two seams."""
