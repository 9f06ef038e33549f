"""The package room: what the app is and what its code can reach."""
