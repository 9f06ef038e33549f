"""The dex index: every instruction of all dex files as numpy arrays in one id space."""
