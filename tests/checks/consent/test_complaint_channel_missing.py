"""No channel for complaints."""

import rights


class TestComplaintChannelMissing(rights.RightWithScreen):
    check = "complaint-channel-missing"
    element = "E14.complaint"
    screen = "complaint"
