"""The policy room: what the app declares."""
