"""Numbers that name a person or open an account, told by their own check digits.

Does not: find them in a text (`masking` does).
"""

from __future__ import annotations

import re
from datetime import date

LONGEST = 19  # digits of the longest bank card

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def is_identity_number(number: str) -> bool:
    """GB 11643: region, a real date of birth, serial, and ISO 7064 MOD 11-2 over them."""
    if len(number) != 18 or not number[:17].isdecimal() or number[0] in "09":
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return 1900 <= born.year < 2100 and _CHECKS[total % 11] == _ascii(number[17]).upper()


# Prefix and lengths by network: UnionPay and Chinese debit cards that predate it, Visa,
# Mastercard, American Express, JCB, Diners, Discover (ISO/IEC 7812 issuer ranges, public).
_CARD = re.compile(
    r"62\d{14,17}|95(?:58|59)\d{12,15}|60(?:1382|1428|2907|3367)\d{10,13}"
    r"|4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|(?:6011|65\d\d|64[4-9]\d)\d{12}"
)


def is_bank_card(number: str) -> bool:
    """A known prefix, a length that goes with it, and the Luhn digit."""
    number = "".join(map(_ascii, number))
    if not _CARD.fullmatch(number):
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(map(int, number[-1::-2])) + sum(doubled)) % 10 == 0


def _ascii(character: str) -> str:
    return str(int(character)) if character.isdecimal() else character
