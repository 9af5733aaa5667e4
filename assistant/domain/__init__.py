"""The words of Voxspec as frozen models and pure functions. No I/O."""
