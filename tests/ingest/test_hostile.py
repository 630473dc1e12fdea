"""Inputs that want to crash, hang, fill the memory or cheat: what is expected of each."""

from __future__ import annotations

import gzip
import json
import os
import threading
import time
import zipfile
from pathlib import Path

import pytest
import zstandard

from pipeline.ingest import Limits, language
from pipeline.ingest.html import extract
from pipeline.ingest.language import is_syllable, why_not_vietnamese
from pipeline.ingest.streams import BombError, open_stream
from pipeline.lexicon import load
from tests.ingest.places import PAGE, TEXT, read, reasons


def write_json(path: Path, **row: str) -> Path:
    path.write_text(json.dumps(row), encoding="utf-8")
    return path


def test_escapes_nuls_and_surrogates_are_dropped_from_every_field(tmp_path: Path) -> None:
    bad = "\x1b[31mXã\x1b[0m\0 Na\ud800 Ư"
    fields = dict.fromkeys(("text", "title", "source", "url", "id", "ghi chú"), bad)
    (article,), rejects = read(write_json(tmp_path / "a.jsonl", **fields))
    values = (article.text, article.title, article.source, article.url, article.id)
    assert values == ("Xã Na\ufffd Ư",) * 5
    assert article.riders == (("ghi chú", "Xã Na\ufffd Ư"),)
    assert rejects == []


@pytest.mark.parametrize("given", ["../../etc/passwd", "a/b\\c", "=1+1", "<script>", "x" * 10_000])
def test_ids_of_any_kind(tmp_path: Path, given: str) -> None:
    (article,), _ = read(write_json(tmp_path / "a.jsonl", id=given, text=TEXT))
    assert article.id == given or (len(given) > 200 and len(article.id or "") == 16)


def test_script_and_markup_in_plain_text_stay_text(tmp_path: Path) -> None:
    text = f"{TEXT}\n<script>alert(1)</script>\n\u202eđảo\n=HYPERLINK(1)"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (article,), _ = read(tmp_path / "a.txt")
    assert article.text == text


def test_scripts_of_a_page_are_no_text(tmp_path: Path) -> None:
    page = PAGE.replace("<article>", "<article><script>alert('xin chào')</script>")
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (article,), _ = read(tmp_path / "a.html")
    assert "alert" not in (article.text or "")
    assert TEXT in (article.text or "")


@pytest.mark.parametrize(
    "page",
    [
        "<html><body>" + "<div>" * 100_000 + TEXT,
        "<html><body><p>" + "<b><i>" * 50_000 + TEXT,
        "<html><body>" + "<table><tr><td>" * 20_000 + TEXT,
        "<html " + "a='1' " * 100_000 + ">" + TEXT,
        "<html><!--" + "-" * 500_000,
        "<html><body><p>" + "&amp;" * 200_000,
        "<html><body class='" + "sapo " * 100_000 + "'><p>" + TEXT,
    ],
    ids=["div", "inline", "tables", "attributes", "comment", "entities", "class"],
)
def test_deep_and_endless_pages_end_soon(page: str) -> None:
    started = time.monotonic()
    extract(page)
    assert time.monotonic() - started < 20


def test_a_line_of_fifty_megabytes_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"text": "' + "a" * 50_000_000 + '"}\n')
        stream.write(json.dumps({"text": TEXT}))
    (article,), rejects = read(path)
    assert article.text == TEXT
    assert reasons(rejects) == ["line 1 is longer than 10 MB"]


def test_a_file_of_fifty_megabytes_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as stream:
        stream.truncate(50_000_000)
    assert reasons(read(tmp_path / "a.txt")[1]) == ["is larger than 10 MB"]


def test_an_article_of_too_many_characters_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Xã hai. " * 20, encoding="utf-8")
    limits = Limits(text_characters=100)
    assert reasons(read(tmp_path, limits=limits)[1]) == [
        "the article is longer than 100 characters"
    ]


@pytest.mark.parametrize("pack", ["gz", "zst"])
def test_a_decompression_bomb_is_refused_before_it_unfolds(tmp_path: Path, pack: str) -> None:
    zeros = b"0" * 100_000_000
    data = gzip.compress(zeros) if pack == "gz" else zstandard.compress(zeros)
    path = tmp_path / f"a.jsonl.{pack}"
    path.write_bytes(data)
    _, rejects = read(path)
    assert "decompression bomb" in reasons(rejects)[-1]
    with open_stream(path, Limits()) as stream, pytest.raises(BombError):
        stream.read()


def test_a_zip_bomb_under_the_name_of_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    assert reasons(read(path)[1]) == ["unfolds to more than 64 MB"]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.txt.zst", "a.warc.gz", "a.parquet", "a.xlsx"])
def test_damaged_packed_files_are_rejects(tmp_path: Path, name: str) -> None:
    line = json.dumps({"text": TEXT}).encode()
    whole = {"gz": gzip.compress(line), "zst": zstandard.compress(line)}
    data = whole.get(name.rsplit(".", 1)[-1], b"PAR1 and PK are missing")
    (tmp_path / name).write_bytes(data[:-9])
    articles, rejects = read(tmp_path / name)
    assert (len(articles), len(rejects)) == (0, 1)


def test_a_feed_that_unfolds_entities_is_harmless(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    outside = '<!ENTITY file SYSTEM "file:///etc/hostname">'
    path = tmp_path / "a.rss"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE rss [{entities}{outside}]><rss version="2.0"><channel>'
        f"<item><title>&l11;</title><description>&file; {TEXT}</description></item>"
        "</channel></rss>",
        encoding="utf-8",
    )
    articles, rejects = read(path)
    assert all(len(a.text or "") < 1000 for a in articles)
    assert articles
    assert Path("/etc/hostname").read_text(encoding="utf-8").strip() not in str(articles)
    assert len(rejects) <= 1


def test_links_in_a_circle_are_followed_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "in/again").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in/self.txt").symlink_to(tmp_path / "in/self.txt")
    articles, rejects = read(tmp_path / "in")
    assert len(articles) == 1
    assert reasons(rejects) == ["is not a regular file"]


def test_a_fifo_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    done: list[str] = []
    reader = threading.Thread(target=lambda: done.extend(reasons(read(tmp_path)[1])), daemon=True)
    reader.start()
    reader.join(20)
    assert done == ["is not a regular file"]


def test_a_file_that_may_not_be_read_is_a_reject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    allowed = Path.open

    def refuse(path: Path, *args: object, **more: object) -> object:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return allowed(path, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    articles, rejects = read(tmp_path)
    assert (len(articles), reasons(rejects)) == (1, ["cannot be read: Permission denied"])


def test_file_names_that_are_not_utf8_are_written_out(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/tin-\xe1\n\x1b[31m.txt"
    Path(os.fsdecode(name)).write_text(TEXT, encoding="utf-8")
    (article,), _ = read(tmp_path)
    assert article.path.endswith("tin-\\xe1\\n\\x1b[31m.txt")
    assert json.loads(json.dumps(article.path).encode())


def test_binary_data_under_a_text_name_is_a_reject(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "b.txt").write_bytes(b"")
    _, rejects = read(tmp_path)
    assert len(rejects) == 2
    assert reasons(rejects)[1] == "the article is empty"


def test_json_nested_too_deep_is_a_reject(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": ' + "[" * 200_000, encoding="utf-8")
    assert len(read(tmp_path)[1]) == 1


def test_syllables_of_the_lexicon() -> None:
    table = load("syllables")
    assert all(map(is_syllable, table["examples"]))
    assert not any(map(is_syllable, table["not_examples"]))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TEXT, None),
        ("Xa Na U phan dau 90% ho dan co Internet vao nam 2026, theo ke hoach cua xa", None),
        ("Sóng đã về bản", None),
        ("Trận Chelsea vs West Ham: HLV Pochettino và Moyes đều chờ một kết quả khác", None),
        ("Le conseil veut que chaque foyer soit relié au réseau avant la fin", "not Vietnamese"),
        ("Der Rat will bis Ende des Jahres alle Haushalte an das Netz bringen", "not Vietnamese"),
        ("村委会希望 所有 家庭 在 年底 之前 都 能 上网 学习 购物", "not Vietnamese"),
        ("xkq wrt zzp Xã qwe bnm đổi lkj hgf số dsa poi dân uyt zxq", "no words"),
        (f"{TEXT} " * 10 + "zqxj wvk plmq " * 70, "no words"),
    ],
)
def test_what_is_vietnamese(text: str, reason: str | None) -> None:
    told = why_not_vietnamese(text)
    assert told is None if reason is None else reason in (told or "it")


VIETNAMESE = "Xã Na Ư phấn đấu có chín mươi phần trăm hộ dân dùng Internet vào năm sau. "
STRANGE = {
    "english": "The commune wants every household to be online by the end of the year. ",
    "garbage": "zqxj wvk plmq xkq wrt zzp qwe bnm lkj hgf dsa poi uyt zxq vbnm kjhg. ",
    "marked garbage": "zqẽxj wvọk plmưq xkầq wrựt zzộp qwểe bnọm lkịj hgựf dsởa pơoi. ",
}


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("share", [0, 10, 25, 40, 50, 60, 75, 90, 100])
def test_windows_decide_as_the_whole_text_does(
    strange: str, share: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Vietnamese share of a text stands at its head, its end, both, or all over it."""
    bad = STRANGE[strange]
    good, rest = VIETNAMESE * share, bad * (100 - share)
    texts = [good + rest, rest + good, good[: len(good) // 2] + rest + good[len(good) // 2 :]]
    texts += ["".join(VIETNAMESE if k * 37 % 100 < share else bad for k in range(100))]
    texts += [text[:2000] for text in texts]
    told = [why_not_vietnamese(text) for text in texts]
    monkeypatch.setattr(language, "SURELY_SYLLABLES", 2)
    assert told == [why_not_vietnamese(text) for text in texts]
