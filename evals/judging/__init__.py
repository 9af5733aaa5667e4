"""Layers 4 and 5: a model's judgement with its calibration, and people's labels with their agreement."""
