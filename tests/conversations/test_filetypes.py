"""What an upload truly is."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mashang.conversations.filetypes import FileDisguised, FileEmpty, FileRefused, clean_name, recognise


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


OFFICE = "application/vnd.openxmlformats-officedocument."
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04" + bytes(200)
HTML = b"<!DOCTYPE html><html><script>1</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.pdf", b"%PDF-1.4\n%%EOF", "application/pdf"),
        ("a.zip", zipped("x.txt"), "application/zip"),
        ("合同.docx", zipped("[Content_Types].xml", "word/document.xml"), OFFICE + "wordprocessingml.document"),
        ("a.xlsx", zipped("xl/workbook.xml"), OFFICE + "spreadsheetml.sheet"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "application/msword"),
        ("a.rar", b"Rar!\x1a\x07\x01\x00xx", "application/vnd.rar"),
        ("a.7z", b"7z\xbc\xaf'\x1cxxxx", "application/x-7z-compressed"),
        ("录屏.mp4", b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41", "video/mp4"),
        ("录屏.MOV", b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video/quicktime"),
        ("a.mp3", b"ID3\x03\0\0\0\0\0\x00" + bytes(20), "audio/mpeg"),
        ("a.m4a", b"\0\0\0\x20ftypM4A \0\0\x02\0", "audio/mp4"),
        ("a.txt", "你好\n".encode(), "text/plain"),
        ("a.txt", "你好，测试".encode("gb18030"), "text/plain"),
        ("a.txt", b"BMW is a car", "text/plain"),
        ("a.csv", "ID;名称\n1;卡\n".encode(), "text/csv"),
        ("a.log", b"2026-11-21 error in <main>\n", "text/plain"),
    ],
)
def test_what_says_what_it_is_is_taken(name, data, media_type) -> None:
    assert recognise(name, data).media_type == media_type


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "image", "a.exe", "a.txt"])
def test_a_picture_is_a_picture_whatever_its_name(name) -> None:
    assert recognise(name, PNG).picture


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", EXE),
        ("a.png", HTML),
        ("a.jpg", SVG),
        ("a.gif", b"plain text"),
        ("a.pdf", EXE),
        ("a.pdf", HTML),
        ("a.txt", EXE),
        ("a.txt", HTML),
        ("a.csv", SVG),
        ("a.txt", b"\xef\xbb\xbf <script>1</script>"),
        ("a.txt", b"#!/bin/sh\n"),
        ("a.txt", b"<?php echo 1;"),
        ("a.zip", EXE),
        ("a.docx", zipped("evil.exe")),
        ("a.docx", b"PK\x03\x04"),
        ("a.mp4", HTML),
        ("a.mp3", EXE),
        ("a.txt", b"\xff\xfe\x00\x01"),
    ],
)
def test_a_disguise_is_refused(name, data) -> None:
    with pytest.raises(FileDisguised) as refused:
        recognise(name, data)
    assert refused.value.facts == {"name": name}


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.exe", EXE), ("a.html", HTML), ("a.svg", SVG), ("a.js", b"1"), ("a.apk", zipped("x")), ("readme", b"x")],
)
def test_other_types_are_refused(name, data) -> None:
    with pytest.raises(FileRefused) as refused:
        recognise(name, data)
    assert refused.value.code == "file_type_refused"


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileEmpty):
        recognise("a.txt", b"")


@pytest.mark.parametrize(
    ("given_name", "extension", "kept"),
    [
        ("订单截图.PNG", "png", "订单截图.png"),
        ("photo.jpeg", "jpg", "photo.jpeg"),
        ("photo.png", "jpg", "photo.jpg"),
        ("../../etc/passwd.txt", "txt", "passwd.txt"),
        ("C:\\fotos\\a.png", "png", "a.png"),
        ("", "png", "file.png"),
        ("a\u202egnp.exe", "png", "agnp.exe.png"),
        (".png", "png", "file.png"),
        ("a/b:c*.pdf", "pdf", "b_c_.pdf"),
        ("x" * 300 + ".zip", "zip", "x" * 116 + ".zip"),
        ("image", "png", "image.png"),
        ("a\u0000b.txt", "txt", "ab.txt"),
    ],
)
def test_a_name_is_kept_as_far_as_it_is_one(given_name, extension, kept) -> None:
    assert clean_name(given_name, extension) == kept


@given(st.text(), st.sampled_from(["png", "jpg", "pdf", "txt"]))
def test_no_name_leads_anywhere(name, extension) -> None:
    kept = clean_name(name, extension)
    assert kept.endswith(("." + extension, ".jpeg"))
    assert len(kept) <= 120
    assert not set(kept) & set('/\\:*?"<>|\u0000\u202e\n')
    assert not kept.startswith(".")


@given(st.text(), st.binary(max_size=600))
def test_any_bytes_under_any_name_have_an_answer(name, data) -> None:
    with contextlib.suppress(FileRefused):
        assert recognise(name, data).media_type
