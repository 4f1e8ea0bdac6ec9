"""Passwords of the staff: how they are kept and which ones are too easy.

Argon2id with the parameters of RFC 9106, second recommendation (64 MiB, three passes, four
lanes).  Hashing takes about a tenth of a second and 64 MiB, so it happens on two threads of
its own: a burst of sign-ins neither stops the server nor fills a small machine's memory.

A new password is measured by length and by whether it is one everybody tries first; there
are no rules about capitals and symbols (NIST SP 800-63B §3.1.1).  Full-width and half-width
forms count as the same, because a Chinese input method may type either.

Does not: count wrong attempts (`sign_in.py`).
"""

import asyncio
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mashang.kit.errors import Refusal

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 200

# Verified against when nobody has the login that was typed, so that the answer takes as long.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$2HVYowuxUfffyfVwbz7btg$NW1O60oWVpZQZKpyVVB4TiOkX3plcoO7uKcLZzEhsP8"

COMMON_WORDS = frozenset(
    [
        "password",
        "passwort",
        "passwd",
        "admin",
        "administrator",
        "root",
        "user",
        "welcome",
        "letmein",
        "login",
        "master",
        "monkey",
        "dragon",
        "football",
        "baseball",
        "sunshine",
        "princess",
        "superman",
        "batman",
        "iloveyou",
        "trustno",
        "qwerty",
        "qwertyuiop",
        "qwertyui",
        "asdfghjkl",
        "asdfgh",
        "zxcvbnm",
        "qazwsx",
        "qazwsxedc",
        "woaini",
        "woaiwojia",
        "wodemima",
        "mima",
        "zhongguo",
        "china",
        "beijing",
        "shanghai",
        "taobao",
        "alipay",
        "weixin",
        "wechat",
        "tencent",
        "kefu",
        "customerservice",
        "service",
        "mashang",
        "kami",
        "kameng",
        "xiaomi",
        "huawei",
        "changeme",
        "default",
        "secret",
        "test",
        "testtest",
        "demo",
        "guest",
        "abcdefghij",
        "abcdef",
        "abcd",
        "abc",
        "qweasd",
        "qweasdzxc",
    ]
)
LOOK_ALIKES = str.maketrans("013457@$!|", "oieastasii")
RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")

_hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


class PasswordTooShort(Refusal):
    status = 422
    code = "password_too_short"


class PasswordTooCommon(Refusal):
    status = 422
    code = "password_too_common"


def plain(password: str) -> str:
    """The form that is hashed: one spelling for full-width and half-width."""
    return unicodedata.normalize("NFKC", password)


def check_new(password: str, *about: str) -> None:
    """Refuse a password that is short, or that is tried first for a person with these names and logins."""
    typed = plain(password)
    if len(typed) < MINIMUM_LENGTH:
        raise PasswordTooShort(minimum=MINIMUM_LENGTH)
    if is_common(typed, *about):
        raise PasswordTooCommon


def is_common(password: str, *about: str) -> bool:
    lowered = password.lower()
    if len(set(lowered)) < 5 or any(lowered in run or lowered in run[::-1] for run in RUNS):
        return True
    if re.fullmatch(r"[\d\W_]{,12}", lowered):  # telephone numbers and birthdays
        return True
    own = {part for text in about for part in (text.lower(), text.lower().split("@")[0]) if len(part) > 2}
    words = COMMON_WORDS | own
    return bool(_cores(lowered) & words) or _is_repeated(lowered, words)


def _cores(lowered: str) -> set[str]:
    """The words inside `p@ssw0rd!!`, `admin123456` and `123!password`."""
    bare = re.sub(r"^[\d\W_]+|[\d\W_]+$", "", lowered)
    return {bare, bare.translate(LOOK_ALIKES), re.sub(r"[\W\d_]", "", lowered)}


def _is_repeated(lowered: str, words: set[str] | frozenset[str]) -> bool:
    """`password1password1` and `abc12abc12` are no better than one half."""
    half = len(lowered) // 2
    first, second = lowered[:half], lowered[half:]
    return first == second and (half < 6 or re.sub(r"[\d\W_]+$", "", first) in words)


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, plain(password))


async def is_right(password: str, stored: str | None) -> bool:
    """Whether the password fits the stored hash; without a hash: no, after the same amount of work."""
    fits = await asyncio.get_running_loop().run_in_executor(_threads, _verify, plain(password), stored or NOBODY)
    return fits and stored is not None


def _verify(password: str, stored: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
