"""The traffic room: what left the device, to whom, and what could not be read."""
