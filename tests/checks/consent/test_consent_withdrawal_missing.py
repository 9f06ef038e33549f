"""No way to withdraw consent."""

import rights


class TestConsentWithdrawalMissing(rights.RightWithScreen):
    check = "consent-withdrawal-missing"
    element = "E13.withdraw"
    screen = "withdraw-consent"
