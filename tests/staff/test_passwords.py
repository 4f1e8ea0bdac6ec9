"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import time

import pytest

from mashang.staff import passwords
from mashang.staff.passwords import PasswordTooCommon, PasswordTooShort


@pytest.fixture(autouse=True)
def cheap_hashing():
    """Not here: what hashing costs is what is tested."""


@pytest.mark.parametrize("password", ["", "short", "nine-char", "密码密码"])
def test_a_short_password_is_refused(password):
    with pytest.raises(PasswordTooShort):
        passwords.check_new(password)


@pytest.mark.parametrize(
    "password",
    [
        "password123", "P@ssw0rd123", "Passw0rd!!", "1234567890", "13812345678", "1990-01-01 ", "aaaaaaaaaaaa",
        "ababababab", "qwertyuiop", "poiuytrewq", "woaini1314520", "admin123456", "password1password1",
        "１２３４５６７８９０", "ｐａｓｓｗｏｒｄ１２３",
    ],
)  # fmt: skip
def test_a_password_everybody_tries_first_is_refused(password):
    with pytest.raises(PasswordTooCommon):
        passwords.check_new(password)


@pytest.mark.parametrize("password", ["xiaomei@shop.cn", "xiaomei2026", "小美小美小美小美小美", "xiaomei!!!!!"])
def test_ones_own_name_is_no_password(password):
    with pytest.raises(PasswordTooCommon):
        passwords.check_new(password, "xiaomei@shop.cn", "小美")


@pytest.mark.parametrize("password", ["correct-horse-7", "山高月小水落石出好风光", "Xk3-9vQ_2mTz", "ein schöner Tag"])
def test_a_long_unusual_password_is_taken(password):
    passwords.check_new(password, "xiaomei", "小美")


async def test_a_password_is_kept_as_argon2id_and_never_twice_alike():
    first, second = [await passwords.hash_password("correct-horse-7") for _ in range(2)]
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second


async def test_only_the_right_password_fits_whatever_width_it_is_typed_in():
    stored = await passwords.hash_password("correct-horse-7")
    assert await passwords.is_right("correct-horse-7", stored)
    assert await passwords.is_right("ｃｏｒｒｅｃｔ-ｈｏｒｓｅ-７", stored)
    assert not await passwords.is_right("correct-horse-8", stored)
    assert not await passwords.is_right("correct-horse-7", None)
    assert not await passwords.is_right("correct-horse-7", "not a hash")


async def test_nobody_costs_as_much_work_as_somebody():
    stored = await passwords.hash_password("correct-horse-7")
    spent = {}
    for name, kept in (("somebody", stored), ("nobody", None)) * 3:
        began = time.process_time()  # of all threads: what it costs, however long a busy machine takes
        await passwords.is_right("wrong-password", kept)
        spent[name] = min(spent.get(name, 9.0), time.process_time() - began)
    assert spent["nobody"] > spent["somebody"] / 2
