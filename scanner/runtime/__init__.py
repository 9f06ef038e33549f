"""The runtime room: what a test device recorded."""
