"""TCVN3 and VNI: what is converted, what never is, and that nothing is lost on the way."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.legacy import from_legacy
from pipeline.lexicon import load
from tests.ingest.places import TEXT, read

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).parents[1] / "cases" / "legacy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
PROOF = "người dân được tổ công nghệ hướng dẫn cách quét mã ở chợ đường truyền tới bản đã ổn định"
FOLLOWING = "Bà con các bản xa cũng mượn được sách, đọc báo và học chữ ở nhà văn hóa của xã."
BODY = f"{TEXT} {FOLLOWING}"


def tcvn3(text: str) -> str:
    rows = load("legacy")["tcvn3"]["rows"]
    codes = {letter: code for row in rows for code, letter in zip(*row, strict=True)}
    return "".join(codes.get(letter) or codes.get(letter.lower(), letter) for letter in text)


def vni(text: str) -> str:
    table = load("legacy")["vni"]
    codes = {said: code for code, said in zip(*table["alone"], strict=True)}
    for letter, row in table["marked"].items():
        codes |= {said: letter + code for code, said in zip(*row, strict=True)}
    codes |= {said.upper(): code.upper() for said, code in codes.items()}
    return "".join(codes.get(letter, letter) for letter in text)


ENCODERS = pytest.mark.parametrize("encode", [tcvn3, vni])


def cases(name: str) -> list[Any]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["name"]) for case in map(json.loads, lines)]


def syllables() -> st.SearchStrategy[str]:
    table = load("syllables")

    def spell(onset: str, rime: str, tone: str) -> str:
        return onset + unicodedata.normalize("NFC", rime[0] + tone) + rime[1:]

    onsets = st.sampled_from(["", *table["onsets"]])
    return st.builds(spell, onsets, st.sampled_from(table["rimes"]), st.sampled_from(TONES))


@pytest.mark.parametrize("case", cases("synthetic"))
def test_text_of_font_encodings_becomes_unicode(case: dict[str, str]) -> None:
    assert from_legacy(case["coded"]) == case["text"]
    assert from_legacy(case["text"]) == case["text"]


@pytest.mark.parametrize("case", cases("negative"))
def test_other_text_stays_as_it_is(case: dict[str, str]) -> None:
    assert from_legacy(case["text"]) == case["text"]


@pytest.mark.xfail(strict=True, reason="known failures")
@pytest.mark.parametrize("case", cases("known_failures"))
def test_known_failures(case: dict[str, str]) -> None:
    assert from_legacy(case["coded"]) == case["text"]


@ENCODERS
@given(words=st.lists(syllables(), max_size=6))
@settings(deadline=None)
def test_any_syllables_come_back(encode: Callable[[str], str], words: list[str]) -> None:
    text = " ".join([PROOF, *words])
    assert from_legacy(encode(text)) == text


@given(words=st.lists(syllables(), max_size=60))
@settings(deadline=None)
def test_syllables_in_unicode_stay(words: list[str]) -> None:
    text = " ".join(words)
    assert from_legacy(text) == text


@ENCODERS
def test_a_text_file_in_bytes(encode: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(encode(BODY).encode("cp1252"))
    (article,), rejects = read(tmp_path / "a.txt")
    assert (article.text, rejects) == (BODY, [])


def page(said: str, charset: str) -> str:
    return (
        f"<html><head><meta charset={charset}><title>Xa Na U</title></head><body><h1>Xa Na U</h1>"
        f"<article><p>{said}</p><p>{said.replace('2026', '2027')}</p></article></body></html>"
    )


@ENCODERS
@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "windows-1258", "x-user-defined"])
@pytest.mark.parametrize("spelled", ["bytes", "references"])
def test_a_page(encode: Callable[[str], str], charset: str, spelled: str, tmp_path: Path) -> None:
    coded = page(encode(BODY), charset)
    errors = "strict" if spelled == "bytes" else "xmlcharrefreplace"
    bytes_as = "ascii" if spelled == "references" else "utf-8" if charset == "utf-8" else "cp1252"
    (tmp_path / "a.html").write_bytes(coded.encode(bytes_as, errors))
    (article,), _ = read(tmp_path / "a.html")
    assert (article.text or "").split("\n\n")[0] == BODY


@ENCODERS
@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("bytes_as", ["utf-8", "cp1252"])
def test_json_lines(
    encode: Callable[[str], str], escaped: bool, bytes_as: str, tmp_path: Path
) -> None:
    row = {"title": encode("Số hộ"), "text": encode(BODY), "ghi chu": encode("Số 2")}
    line = json.dumps(row, ensure_ascii=escaped)
    (tmp_path / "a.jsonl").write_bytes(line.encode(bytes_as))
    (article,), _ = read(tmp_path / "a.jsonl")
    assert (article.title, article.text) == ("Số hộ", BODY)
    assert article.riders == (("ghi chu", "Số 2"),)


def test_a_unicode_title_does_not_hide_the_text(tmp_path: Path) -> None:
    row = {"title": "Số hộ", "text": tcvn3(BODY)}
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    (article,), _ = read(tmp_path / "a.jsonl")
    assert (article.title, article.text) == ("Số hộ", BODY)


@ENCODERS
@pytest.mark.parametrize("bytes_as", ["utf-8", "cp1252"])
def test_csv(encode: Callable[[str], str], bytes_as: str, tmp_path: Path) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([["title", "text"], *[[encode("Số hộ"), encode(BODY)]] * 2])
    (tmp_path / "a.csv").write_bytes(stream.getvalue().encode(bytes_as))
    articles, rejects = read(tmp_path / "a.csv")
    assert [(a.title, a.text) for a in articles] == [("Số hộ", BODY)] * 2
    assert rejects == []


@ENCODERS
def test_a_feed(encode: Callable[[str], str], tmp_path: Path) -> None:
    item = f"<item><title>{encode('Số hộ')}</title><description>{encode(BODY)}</description></item>"
    feed = f'<rss version="2.0"><channel><title>A</title>{item}</channel></rss>'
    (tmp_path / "a.rss").write_text(feed, encoding="utf-8")
    (article,), _ = read(tmp_path / "a.rss")
    assert (article.title, article.text) == ("Số hộ", BODY)
