"""Check digits of identifiers. The tables of valid prefixes come from the knowledge."""

from collections.abc import Callable

from scanner.model.base import Doc

_ID_LENGTH = 18
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MAC_DIGITS = 12


class Numbers(Doc):
    """Table `traffic_numbers`: what valid numbers begin with, and what is no value at all."""

    imei_bodies: tuple[str, ...]
    provinces: tuple[str, ...]
    card_prefixes: tuple[str, ...]
    earliest_birth: int
    latest_birth: int
    placeholders: tuple[str, ...]
    latitude_names: tuple[str, ...]
    longitude_names: tuple[str, ...]
    joined_types: tuple[str, ...]
    source: tuple[str, ...] = ()
    checked: str = ""


def luhn(digits: str) -> bool:
    """Tell whether a number has a correct Luhn check digit."""
    if not digits.isascii() or not digits.isdigit():
        return False
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - sum of its digits
    return total % 10 == 0


def imei(text: str, numbers: Numbers) -> bool:
    """Luhn, and a reporting body that exists: 1.6 % of random 15-digit numbers pass."""
    return text.startswith(numbers.imei_bodies) and luhn(text)


def id_card(text: str, numbers: Numbers) -> bool:
    """GB 11643: province, date of birth and ISO 7064 check; 0.002 % of random numbers pass."""
    if len(text) != _ID_LENGTH or not text[:17].isdigit() or not text.startswith(numbers.provinces):
        return False
    year, month, day = int(text[6:10]), int(text[10:12]), int(text[12:14])
    if not numbers.earliest_birth <= year <= numbers.latest_birth or not 1 <= month <= len(_DAYS):
        return False
    if not 1 <= day <= _DAYS[month - 1]:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _ID_WEIGHTS, strict=False))
    return _ID_CHECK[total % 11] == text[17].upper()


def bank_card(text: str, numbers: Numbers) -> bool:
    """Luhn and a card prefix: 1.9 % of random numbers pass."""
    return text.startswith(numbers.card_prefixes) and luhn(text)


def iccid(text: str, _: Numbers) -> bool:
    """ITU-T E.118: begins with 89, Luhn over all digits (19 digits carry none)."""
    return text.startswith("89") and (len(text) != 20 or text[:-1].isdigit())  # noqa: PLR2004 - 20 with check digit, which carriers fill differently


def mac(text: str, _: Numbers) -> bool:
    """Refuse group addresses and those of one or two repeated bytes."""
    digits = "".join(letter for letter in text.lower() if letter.isalnum())
    if len(digits) != _MAC_DIGITS:
        return False
    return int(digits[1], 16) % 2 == 0 and len({digits[i : i + 2] for i in range(0, 12, 2)}) > 2  # noqa: PLR2004 - more than padding


CHECKS: dict[str, Callable[[str, Numbers], bool]] = {
    "imei": imei,
    "id-card": id_card,
    "bank-card": bank_card,
    "iccid": iccid,
    "mac": mac,
    "luhn": lambda text, _: luhn(text),
}
