"""No way to correct one's data."""

import rights


class TestRightsCorrectionMissing(rights.MissingRight):
    check = "rights-correction-missing"
    element = "E13.correct"
