"""Undo the layers of a message body until values lie open, within fixed limits."""
