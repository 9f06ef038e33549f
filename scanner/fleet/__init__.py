"""Campaigns: many apps, one process each, results that survive whatever happens to one of them."""
