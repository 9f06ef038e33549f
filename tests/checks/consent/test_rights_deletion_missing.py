"""No way to delete one's data."""

import rights


class TestRightsDeletionMissing(rights.RightWithScreen):
    check = "rights-deletion-missing"
    element = "E13.delete"
    screen = "clear-data"
