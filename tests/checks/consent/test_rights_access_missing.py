"""No way to access one's data."""

import rights


class TestRightsAccessMissing(rights.RightWithScreen):
    check = "rights-access-missing"
    element = "E13.access"
    screen = "data-export"
