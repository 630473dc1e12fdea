from __future__ import annotations

import csv
import gzip
import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import xlsxwriter
import zstandard
from fastwarc.warc import WarcRecord, WarcRecordType

from pipeline.errors import InputError
from pipeline.ingest import Limits
from tests.ingest.places import PAGE, TEXT, read, reasons

if TYPE_CHECKING:
    from pathlib import Path

ROWS: list[dict[str, Any]] = [
    {"id": "a1", "title": "Tin một", "text": TEXT, "published": "14/3/2025", "chuyên mục": "Xã"},
    {"id": "a2", "title": "Tin hai", "text": "Phường Hai\ncó 12 tổ", "published": "", "x": None},
]
RSS = f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Báo Thử</title>
<item><title>Tin &amp; bài</title><link>https://thu.example/1</link><description>Ngắn</description>
<content:encoded><![CDATA[<p>{TEXT}</p><script>alert(1)</script><p>Hết.</p>]]></content:encoded>
<pubDate>Fri, 14 Mar 2025 01:00:00 +0700</pubDate></item>
<item><title>Tin hai</title><description>&lt;p&gt;Phường Hai có 12 tổ&lt;/p&gt;</description></item>
<item><title>Trống</title></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Báo Nguyên</title><entry>
<title type="html">Tin &lt;b&gt;đậm&lt;/b&gt;</title><link href="https://nguyen.example/9"/>
<updated>2025-03-14T01:00:00+07:00</updated>
<summary type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</summary></entry></feed>"""


def write_xlsx(path: Path, *sheets: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def write_warc(path: Path, *pages: tuple[str, str, bytes]) -> Path:
    with path.open("wb") as stream:
        for url, head, body in pages:
            record = WarcRecord()
            record.init_headers(WarcRecordType.response)
            record.headers["WARC-Target-URI"] = url
            record.headers["Content-Type"] = "application/http; msgtype=response"
            record.set_bytes_content(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
            record.write(stream)
    return path


def test_csv_keeps_unknown_columns_as_riders(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, ["id", "title", "text", "published", "chuyên mục", "x"])
        writer.writeheader()
        writer.writerows(ROWS)
    (first, second), rejects = read(path)
    assert (first.id, first.text, first.published) == ("a1", TEXT, "2025-03-14")
    assert ("chuyên mục", "Xã") in first.riders
    assert (second.text, second.published, rejects) == ("Phường Hai\ncó 12 tổ", None, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_any_unicode_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    content = f'id{delimiter}text\na1{delimiter}"{TEXT}"\n'
    path.write_text(content, encoding=encoding)
    (article,), _ = read(path)
    assert article.text == TEXT


def test_a_broken_csv_line_does_not_take_the_others_along(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\na1,Xã Một\na2,"Xã" Hai\na3,Xã Ba\n', encoding="utf-8")
    articles, rejects = read(path)
    assert [a.id for a in articles] == ["a1", "a3"]
    assert reasons(rejects) == ["line 3 is broken: ',' expected after '\"'"]


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.xlsx"])
def test_a_table_without_text_lists_its_columns(tmp_path: Path, name: str) -> None:
    frame = pd.DataFrame([{"ma": "1", "noidung": TEXT}])
    if name == "a.xlsx":
        write_xlsx(tmp_path / name, [["ma", "noidung"], ["1", TEXT]])
    elif name == "a.parquet":
        frame.to_parquet(tmp_path / name)
    else:
        frame.to_csv(tmp_path / name, index=False)
    with pytest.raises(InputError, match=r"it has: ma, noidung\. Name the column with --column"):
        read(tmp_path / name)
    (article,), _ = read(tmp_path / name, columns={"text": "noidung", "id": "ma"})
    assert (article.id, article.text) == ("1", TEXT)


def test_jsonl_in_lines_of_any_kind(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [json.dumps(ROWS[0]), "", "[1]", "{", '{"text": "Xã\\u2028Hai"}', '{"id": 7}']
    path.write_text("\n".join(lines), encoding="utf-8")
    articles, rejects = read(path)
    assert [a.text for a in articles] == [TEXT, "Xã\u2028Hai"]
    assert [r.record for r in rejects] == [2, 3, 5]
    assert reasons(rejects)[2] == "the row has no text and no html"


def test_xlsx_gives_the_first_sheet_with_text(tmp_path: Path) -> None:
    header: list[object] = ["id", "text", "published", "=1+1"]
    path = write_xlsx(
        tmp_path / "a.xlsx", [["ghi chú"]], [header, ["a1", TEXT, "14/3/2025", "=2"], [], [3, "Ba"]]
    )
    (first, second), rejects = read(path)
    assert (first.id, first.text, first.published) == ("a1", TEXT, "2025-03-14")
    assert first.riders == (("=1+1", "=2"),)
    assert (second.text, rejects) == ("Ba", [])


def test_rss_prefers_full_content_and_the_local_day(tmp_path: Path) -> None:
    path = tmp_path / "a.rss"
    path.write_text(RSS, encoding="utf-8")
    (first, second), rejects = read(path)
    assert (first.title, first.source, first.published) == ("Tin & bài", "Báo Thử", "2025-03-14")
    assert (first.url, first.text) == ("https://thu.example/1", f"{TEXT}\nHết.")
    assert second.text == "Phường Hai có 12 tổ"
    assert reasons(rejects) == ["the entry has no text"]


def test_atom(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(ATOM, encoding="utf-8")
    (article,), _ = read(path)
    assert (article.title, article.text) == ("Tin đậm", TEXT)
    assert (article.url, article.published) == ("https://nguyen.example/9", "2025-03-14")


def test_a_cut_feed_gives_its_whole_entries_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.rss"
    path.write_text(RSS[: RSS.index("<item><title>Trống")], encoding="utf-8")
    articles, rejects = read(path)
    assert len(articles) == 2
    assert reasons(rejects)[0].startswith("is damaged behind entry 2")


def test_xml_that_is_no_feed(tmp_path: Path) -> None:
    path = tmp_path / "sitemap.xml"
    path.write_text("<urlset><url/></urlset>", encoding="utf-8")
    assert reasons(read(path)[1]) == ["is no RSS or Atom feed"]


@pytest.mark.parametrize("pack", [None, "gz", "zst"])
def test_warc_gives_html_pages_and_tells_the_rest(tmp_path: Path, pack: str | None) -> None:
    html = "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8"
    packed = f"{html}\nContent-Encoding: gzip"
    path = write_warc(
        tmp_path / "a.warc",
        ("https://x.example/1", html, PAGE.encode()),
        ("https://x.example/2", packed, gzip.compress(PAGE.encode())),
        ("https://x.example/3", "HTTP/1.1 404 Not Found\nContent-Type: text/html", b"<html>"),
        ("https://x.example/a.png", "HTTP/1.1 200 OK\nContent-Type: image/png", b"\x89PNG"),
    )
    if pack is not None:
        data, path = path.read_bytes(), tmp_path / f"a.warc.{pack}"
        path.write_bytes(gzip.compress(data) if pack == "gz" else zstandard.compress(data))
    articles, rejects = read(path)
    assert [a.url for a in articles] == ["https://x.example/1", "https://x.example/2"]
    assert all(TEXT in (a.text or "") for a in articles)
    assert reasons(rejects) == [
        "record 3 is no page: HTTP status 404 of https://x.example/3",
        "some records are no pages: image/png 1",
    ]


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl", "a.csv", "a.rss"])
@pytest.mark.parametrize("pack", ["gz", "zst"])
def test_any_text_format_may_be_compressed(tmp_path: Path, name: str, pack: str) -> None:
    content = {
        "a.txt": TEXT,
        "a.html": PAGE,
        "a.jsonl": json.dumps({"text": TEXT}),
        "a.csv": f"text\n{TEXT}\n",
        "a.rss": RSS,
    }[name].encode()
    data = gzip.compress(content) if pack == "gz" else zstandard.compress(content)
    (tmp_path / f"{name}.{pack}").write_bytes(data)
    articles, _ = read(tmp_path / f"{name}.{pack}")
    assert TEXT in (articles[0].text or "")


def test_a_mixed_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/1.txt").write_text("Xã Một", encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "Xã Hai"}), encoding="utf-8")
    (tmp_path / "c.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "d.aspx").write_text(PAGE, encoding="utf-8")
    (tmp_path / "e.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / ".hidden.txt").write_text("Xã Ba", encoding="utf-8")
    articles, rejects = read(tmp_path)
    names = [a.path.rsplit("/", 1)[-1] for a in articles]
    assert names == ["a.jsonl", "1.txt", "c.html", "d.aspx"]
    assert reasons(rejects) == ["is of no kind that we read (.jpg)"]


def test_nothing_to_read_is_an_error_that_names_the_endings(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"No articles in .*Known endings: \.\w+"):
        read(tmp_path)


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert len(read(path, path, tmp_path / "*.txt")[0]) == 1


def test_limits_count_for_every_format(tmp_path: Path) -> None:
    small = Limits(article_bytes=100)
    long = "Xã Na Ư " * 50
    (tmp_path / "a.txt").write_text(long, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(
        json.dumps({"text": long}) + '\n{"text": "Xã"}\n', encoding="utf-8"
    )
    (tmp_path / "c.csv").write_text(f"text\n{long}\nXã\n", encoding="utf-8")
    articles, rejects = read(tmp_path, limits=small)
    assert [a.text for a in articles[:1]] == ["Xã"]
    assert reasons(rejects)[:2] == ["is larger than 0.0001 MB", "line 1 is longer than 0.0001 MB"]
    assert reasons(rejects)[2].startswith("line ")
