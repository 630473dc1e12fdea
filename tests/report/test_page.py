from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from pipeline import cli
from pipeline.errors import ExportError, RunError
from pipeline.exports import csv_tables
from pipeline.records import Kind, LabelledArticle, Pillar, Status
from pipeline.report import Tally, stories, write_report
from tests.report.reading import Page
from tests.small_runs import article, entry, sentence, write_run

if TYPE_CHECKING:
    from pathlib import Path

AIM = "Phấn đấu ít nhất 80% hồ sơ nộp trực tuyến."
REACHED = "Đến nay 80% hồ sơ đã nộp trực tuyến."
HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)"> {{ 7*7 }} <!--'


def _page(tmp_path: Path, *articles: LabelledArticle) -> Page:
    run = write_run(tmp_path / "run", articles)
    write_report(run, tmp_path / "page.html")
    return Page((tmp_path / "page.html").read_text(encoding="utf-8"))


def _plain(article_id: str, *, duplicate_of: str | None = None) -> LabelledArticle:
    return article(article_id, sentence(AIM, entry(AIM, "ít nhất 80%")), duplicate_of=duplicate_of)


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    text = f"{HOSTILE} 80%."
    line = sentence(
        text,
        entry(
            text,
            "80%",
            indicator=HOSTILE,
            unit=HOSTILE,
            place=HOSTILE,
            deadline=HOSTILE,
            rule=HOSTILE,
            scope=(HOSTILE,),
            against_official=HOSTILE,
            indicator_id=HOSTILE,
        ),
    )
    bad = article(
        HOSTILE,
        line,
        title=HOSTILE,
        url=f"https://a.example/{HOSTILE}",
        path=f"tin/{HOSTILE}",
        source=HOSTILE,
        published=HOSTILE,
        province=HOSTILE,
    )
    page = _page(tmp_path, bad)
    assert len(page.all("script")) == 2
    assert not page.all("img")
    assert not [e for e in page.elements if any(name.startswith("on") for name in e.attributes)]
    assert page.all("p", "line")[0].text.startswith(text)
    assert page.rows[0]["indicator"] == HOSTILE
    assert page.rows[0]["place"] == HOSTILE
    assert page.data["articles"][0]["title"] == HOSTILE


def test_rejects_are_told_and_escaped(tmp_path: Path) -> None:
    reject: dict[str, object] = {
        "path": HOSTILE,
        "record": None,
        "stage": "ingest",
        "reason": HOSTILE,
    }
    run = write_run(tmp_path / "run", [], [reject])
    assert write_report(run, tmp_path / "page.html").rejected == 1
    page = Page((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert [cell.text for cell in page.all("td")] == [HOSTILE, "", "ingest", HOSTILE]
    assert page.all("li")[-1].text == f"1 × {HOSTILE}"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//bao.example/a",
        "http://[bad",
        "https:",
    ],
)
def test_only_web_addresses_become_links(tmp_path: Path, url: str) -> None:
    bad = article("a", sentence(AIM, entry(AIM, "80%")), url=url)
    copy = article("b", sentence(AIM), url=url, duplicate_of="a")
    page = _page(tmp_path, bad, copy)
    links = [e.attributes["href"] or "" for e in page.elements if "href" in e.attributes]
    assert all(link.startswith("#") or link == "data:," for link in links)
    assert {a["url"] for a in page.data["articles"]} == {""}


def test_the_page_asks_no_server_and_runs_only_its_own_script(tmp_path: Path) -> None:
    page = _page(tmp_path, _plain("a"))
    assert not [e for e in page.elements if "src" in e.attributes or "srcset" in e.attributes]
    style = page.all("style")[0].text
    assert "url(" not in style
    assert "@import" not in style
    (policy,) = [
        e.attributes["content"] or ""
        for e in page.all("meta")
        if e.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'")
    for text, name in ((style, "style-src"), (page.all("script")[1].text, "script-src")):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy
    assert not [e for e in page.elements if "style" in e.attributes]


def test_spans_are_right_after_emoji(tmp_path: Path) -> None:
    text = "😀👩‍👩‍👧 Đã có 1 và e\u0302́ 80% hồ sơ 🇻🇳, phấn đấu đạt 95% hồ sơ."
    first = entry(text, "80%", status=Status.RESULT)
    page = _page(tmp_path, article("a", sentence(text, first, entry(text, "95%"))))
    marks = [
        (mark.text, mark.attributes["class"])
        for mark in page.all("mark")
        if "title" in mark.attributes
    ]
    assert marks == [("80%", "result"), ("95%", "target")]
    assert page.all("bdi")[-1].text == text


def test_each_row_leads_to_its_sentence(tmp_path: Path) -> None:
    lines = [sentence("Mở đầu.", pillars=()), sentence(AIM, entry(AIM, "ít nhất 80%"))]
    page = _page(tmp_path, article("id lạ: <1>", *lines))
    (row,) = page.rows
    (found,) = [e for e in page.elements if e.attributes.get("id") == row["anchor"]]
    assert found.text.startswith(AIM)


def test_abstained_and_furniture_are_marked(tmp_path: Path) -> None:
    lines = [
        sentence(AIM, abstained=True),
        sentence("Theo Báo Mẫu", kind=Kind.SOURCE, pillars=()),
        sentence(REACHED, pillars=(Pillar.ECONOMY, Pillar.SOCIETY)),
    ]
    unsure, source, two = _page(tmp_path, article("a", *lines)).all("p", "line")
    assert "abstained" in (unsure.attributes["class"] or "")
    assert unsure.text.endswith("cần xem lại")
    assert "dimmed" in (source.attributes["class"] or "")
    assert two.text.endswith("Kinh tế số Xã hội số")


def test_copies_are_counted_once_and_both_counts_shown(tmp_path: Path) -> None:
    repeated = sentence(REACHED, entry(REACHED, "80%", status=Status.RESULT), kind=Kind.DUPLICATE)
    original = article("a", sentence(AIM, entry(AIM, "80%")), repeated)
    copy = article("b", *original.sentences, duplicate_of="a", source="Báo Chép")
    run = write_run(tmp_path / "run", [original, copy])
    summary = write_report(run, tmp_path / "page.html")
    assert summary.articles == Tally(total=2, once=1)
    assert summary.sentences == Tally(total=4, once=1)
    assert summary.targets == Tally(total=2, once=1)
    assert summary.results == Tally(total=2, once=0)
    page = Page((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert [row["copy"] for row in page.rows] == [0, 1, 1, 1]
    assert len(page.all("details", "story")) == 1
    assert "Báo Chép" in page.all("details", "story")[0].text
    assert " ".join(page.all("div", "tally")[0].text.split()) == "Bài 1 tính cả bản sao: 2"
    assert [bar.text for bar in page.all("span", "figure")[:5]] == ["1", "0", "0", "0", "0"]


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", [_plain("a"), _plain("b", duplicate_of="a")])
    moved = write_run(tmp_path / "moved", [_plain("a"), _plain("b", duplicate_of="a")], part_size=1)
    pages = [tmp_path / "1.html", tmp_path / "2.html"]
    for source, page in zip((run, moved), pages, strict=True):
        write_report(source, page)
    write_report(run, pages[0])
    assert pages[0].read_bytes() == pages[1].read_bytes()
    assert b"\r" not in pages[0].read_bytes()
    assert sorted(p.name for p in tmp_path.glob("*.html")) == ["1.html", "2.html"]
    assert not list(tmp_path.glob(".*"))


def test_an_empty_run_has_a_page(tmp_path: Path) -> None:
    summary = write_report(write_run(tmp_path / "run", []), tmp_path / "page.html")
    assert summary.articles == Tally(0, 0)
    page = Page((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert not page.rows
    assert not page.all("form")
    assert "Không tìm thấy con số nào." in page.html


def test_an_article_without_anything_has_the_name_of_its_file(tmp_path: Path) -> None:
    bare = article(
        "a",
        sentence(AIM, entry(AIM, "80%", indicator=None, pillar=None)),
        title=None,
        url=None,
        source=None,
        published=None,
        province=None,
    )
    page = _page(tmp_path, bare)
    assert page.data["articles"][0]["title"] == "mau.html"
    assert "None" not in page.html


def test_a_large_run_is_bounded_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "MOST_ARTICLES", 2)
    monkeypatch.setattr("pipeline.report.entries.MOST_ENTRIES", 3)
    quiet = article("quiet", sentence("Không có gì.", pillars=()))
    page = _page(tmp_path, quiet, *(_plain(f"a{n}") for n in range(4)))
    assert len(page.all("details", "story")) == 2
    assert len(page.rows) == 3
    assert [bool(row["anchor"]) for row in page.rows] == [True, True, False]
    told = [warning.text for warning in page.all("p", "warning")]
    assert any("3 con số đầu trong 4" in text for text in told)
    assert any("2 trong 5 bài" in text for text in told)


def test_an_article_too_long_for_the_page_leaves_room_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "MOST_SENTENCES", 2)
    long = article("long", *(sentence(AIM, entry(AIM, "80%")) for _ in range(3)))
    assert len(_page(tmp_path, long, _plain("a")).all("p", "line")) == 1


def test_the_page_and_the_export_neutralise_the_same_formulas() -> None:
    script = files("pipeline.report").joinpath("page.js").read_text(encoding="utf-8")
    found = re.search(r"FORMULA = /\^(.+)/;", script)
    assert found
    formula = re.compile(found[1])
    for text in ("=1+1", "-2", "+84", "@cmd", "\tx", "\rx", "'=1", "＝1", "80%", "'tis", "", "a=1"):
        assert bool(formula.match(text)) == (csv_tables.neutralise(text) != text)


def test_every_column_of_the_csv_has_its_heading_and_source() -> None:
    text = files("pipeline.report").joinpath("page.js").read_text(encoding="utf-8")
    from pipeline.report.entries import COLUMNS
    from pipeline.report.words import words

    of_article = {"title", "source", "published", "url"}
    for name in words()["heading"]:
        assert name in COLUMNS or name in of_article or f"row.{name} =" in text


@pytest.mark.parametrize("name", ["page.txt", "articles.parquet", "page"])
def test_the_output_must_be_named_like_a_page(tmp_path: Path, name: str) -> None:
    run = write_run(tmp_path / "run", [_plain("a")])
    with pytest.raises(ExportError, match=r"ends in \.html"):
        write_report(run, tmp_path / name)


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", [_plain("a")])
    (tmp_path / "page.html").mkdir()
    with pytest.raises(ExportError, match="Cannot write"):
        write_report(run, tmp_path / "page.html")
    assert not list(tmp_path.glob(".*"))


def test_a_folder_without_a_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="There is no run"):
        write_report(tmp_path / "nothing", tmp_path / "page.html")


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", [_plain("a")])
    output = tmp_path / "new" / "page.html"
    result = CliRunner().invoke(cli.app, ["report", str(run), "--output", str(output)])
    assert result.exit_code == 0
    assert "1 numbers of 1 articles" in result.output
    assert output.read_text(encoding="utf-8").startswith("<!doctype html>")
