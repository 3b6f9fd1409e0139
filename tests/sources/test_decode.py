"""From bytes to text: each usual encoding, a mixture, a wrong declaration."""

from __future__ import annotations

import pytest

from sources.decode import decode
from sources.errors import InputError

RUSSIAN = "Страна;Экспорт\nКазахстан;1\nКыргызстан;2\nВсего;3\n"


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1251", RUSSIAN),
        ("cp1252", "País;Exportações\nCôte d'Ivoire;3\nTürkiye;4\n"),
        ("cp1252", "Côte d'Ivoire;1\nBénin;2\nCuraçao;3\n"),
        ("gb18030", "国家,出口\n哈萨克斯坦,1\n吉尔吉斯斯坦,2\n"),
        ("shift_jis", "国,輸出\nカザフスタン,1\n日本,3\n"),
        ("cp1256", "البلد,الصادرات\nكازاخستان,1\n"),
    ],
)
def test_an_undeclared_encoding_is_a_guess_with_a_sample(codec: str, text: str) -> None:
    found = decode(text.encode(codec))
    assert (found.text, found.encoding, found.guessed) == (text, codec, True)
    assert found.sample


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_no_guess_and_leaves_no_mark(codec: str) -> None:
    found = decode(RUSSIAN.encode(codec))
    assert (found.text, found.guessed) == (RUSSIAN, False)


def test_utf16_without_a_mark() -> None:
    assert decode("KAZ,CHN,1\n".encode("utf-16-le")).text == "KAZ,CHN,1\n"


def test_two_encodings_are_refused_at_the_byte() -> None:
    first = "Côte d'Ivoire;1\n".encode()
    with pytest.raises(InputError, match=f"byte {len(first) + 1}"):
        decode(first + "Bénin;2\n".encode("cp1252"))


def test_the_declared_encoding_wins() -> None:
    assert decode("é".encode("cp1251", "replace") + b"\xe9", encoding="cp1251").text.endswith("й")


@pytest.mark.parametrize("wrong", ["utf-8", "nonsense", "hex", "ascii"])
def test_a_wrong_declaration_is_an_error(wrong: str) -> None:
    with pytest.raises(InputError):
        decode(RUSSIAN.encode("cp1251"), encoding=wrong)


def test_binary_is_no_text() -> None:
    with pytest.raises(InputError, match="binary"):
        decode(b"\x01\x00\x00\x02\x00\xff" * 20)
