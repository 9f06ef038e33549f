"""Scripts that build knowledge files from public sources."""
