"""Personal data in texts: found by rules, masked where text leaves Voxspec."""
