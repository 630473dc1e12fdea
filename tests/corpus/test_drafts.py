"""What people write as drafts becomes labelled articles, or an error that names the line."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from pipeline.corpus.articles import read_articles, write_articles
from pipeline.corpus.drafts import read_drafts
from pipeline.errors import CorpusError
from pipeline.records import Comparator, Kind, Pillar, Status

if TYPE_CHECKING:
    from pathlib import Path

DRAFT = """\
## plan | style=provincial_portal | published=2024-02-19 | topic=paperless offices | hard=1
T g  | Sở Nội vụ bỏ dần văn bản giấy
Y -  | Hà Thu

L gi | Đến hết năm 2026, ít nhất 85% văn bản đi là bản điện tử, 60-70% phòng có mạng cáp.
> ít nhất 85% | 85 | >= | % | 2026 | t | Tỷ lệ văn bản điện tử | pillar=g; scope=sở, phòng
> 60-70% | 60..70 | range | % | - | t | Tỷ lệ phòng có mạng cáp | pillar=i
B -  | Lãnh đạo nhắc các phòng phối hợp.
I e  | - Bán 1.200 gói qua mạng, giảm ít nhất 5% chi phí.
> 1.200 gói | 1200 | = | gói | 2024 | r | Số gói bán | pillar=e; freq_per_year=4; out_of=2000
> giảm ít nhất 5% | 5 | change-(>=) | % | - | r | Chi | period=2024; exclusion=thuế; indicator_id=E7
I g  | - Phường An Bình số hóa 92,5% hồ sơ, vượt mức 80,5% năm ngoái.
> 92,5% | 92.5 | = | % | - | r | Hồ sơ | met=yes; as_of=2024-06; place=An Bình; baseline_value=80.5

## news
B -  | Trời mưa.
"""


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.txt"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def test_a_draft_becomes_articles_with_text_kinds_and_labels(draft: Path) -> None:
    plan, news = read_drafts(draft, ("an",))
    assert plan.text == (
        "Sở Nội vụ bỏ dần văn bản giấy\nHà Thu\n\n"
        "Đến hết năm 2026, ít nhất 85% văn bản đi là bản điện tử, 60-70% phòng có mạng cáp. "
        "Lãnh đạo nhắc các phòng phối hợp.\n- Bán 1.200 gói qua mạng, giảm ít nhất 5% chi phí.\n"
        "- Phường An Bình số hóa 92,5% hồ sơ, vượt mức 80,5% năm ngoái."
    )
    assert (plan.title, plan.published) == ("Sở Nội vụ bỏ dần văn bản giấy", "2024-02-19")
    assert (plan.genre, plan.source_style) == ("plan", "provincial_portal")
    assert (plan.topic, plan.hard, plan.annotators) == ("paperless offices", True, ("an",))
    kinds = [unit.kind for unit in plan.sentences]
    assert kinds == [Kind.TITLE, Kind.BYLINE, Kind.LEAD, Kind.BODY, Kind.BODY, Kind.BODY]
    lead = plan.sentences[2]
    assert lead.pillars == (Pillar.GOVERNMENT, Pillar.INFRASTRUCTURE)
    assert lead.primary is Pillar.GOVERNMENT
    assert plan.sentences[3].primary is None
    assert (news.genre, news.title, news.text, news.hard) == ("news", None, "Trời mưa.", False)


def test_number_lines_become_entries_with_all_their_slots(draft: Path) -> None:
    plan, _ = read_drafts(draft)
    share, spread = plan.sentences[2].targets
    assert (share.surface, int(share.value), share.comparator) == (
        "ít nhất 85%",
        85,
        Comparator.AT_LEAST,
    )
    assert (share.deadline, share.status) == ("2026", Status.TARGET)
    assert (share.pillar, share.scope) == (Pillar.GOVERNMENT, ("sở", "phòng"))
    assert (spread.value, spread.value_max) == (Decimal(60), Decimal(70))
    assert spread.deadline is None
    sold, saved = plan.sentences[4].targets
    assert (sold.status, sold.deadline) == (Status.RESULT, None)
    assert (sold.freq_per_year, sold.out_of) == (Decimal(4), Decimal(2000))
    assert (saved.comparator, saved.bound) == (Comparator.DECREASE, Comparator.AT_LEAST)
    assert (saved.period, saved.exclusion, saved.indicator_id) == ("2024", "thuế", "E7")
    assert (saved.met, saved.as_of, saved.place) == (None, None, None)
    (scanned,) = plan.sentences[5].targets
    assert (scanned.met, scanned.as_of, scanned.place) == (True, "2024-06", "An Bình")
    assert scanned.baseline_value == Decimal("80.5")


def test_a_draft_survives_the_way_to_jsonl_and_back(draft: Path, tmp_path: Path) -> None:
    articles = read_drafts(draft, ("an", "bình"))
    write_articles(articles, tmp_path / "new" / "out.jsonl")
    assert read_articles(tmp_path / "new") == articles


def test_the_id_is_that_of_the_words(draft: Path, tmp_path: Path) -> None:
    first = [a.id for a in read_drafts(draft)]
    draft.write_text(DRAFT.replace("Trời mưa.", "Trời nắng."), encoding="utf-8")
    second = [a.id for a in read_drafts(draft)]
    assert first[0] == second[0]
    assert first[1] != second[1]
    assert first[0].startswith("plan-")


def test_a_surface_that_occurs_twice_is_taken_in_order(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    row = "> 5% | 5 | = | % | - | r | Mức"
    path.write_text(f"## news\nB e | Quý một 5%, quý hai 5%.\n{row}\n{row}\n", encoding="utf-8")
    entries = read_drafts(path)[0].sentences[0].targets
    assert [entry.start for entry in entries] == [8, 20]


@pytest.mark.parametrize(
    ("lines", "number", "reason"),
    [
        (["B - | Trời mưa."], 1, "begins with a line ## genre"),
        (["## news", "", "> 5% | 5 | = | % | - | r | Mức"], 3, "no sentence above it"),
        (["## news | published"], 1, "not a field key=value"),
        (["## news", "B x | Trời mưa."], 2, "not a sentence line: 'B x | Trời mưa.'"),
        (["## news", "Q - | Trời mưa."], 2, "not a sentence line: 'Q - | Trời mưa.'"),
        (["## news", "Trời mưa."], 2, "not a sentence line"),
        (["## news", "B - | Tăng 5%.", "> 5% | 5"], 3, "needs 7 fields, this has 2"),
        (["## news", "B - | Tăng 5%.", "> 6% | 6 | = | % | - | r | x"], 3, "'6%' is not in its"),
        (["## news", "B - | Tăng 5%.", "> 5% | năm | = | % | - | r | x"], 3, "ConversionSyntax"),
        (["## news", "B - | Tăng 5%.", "> 5% | 5 | ~ | % | - | r | x"], 3, "'~' is not a valid"),
        (["## news", "B - | Tăng 5%.", "> 5% | 5 | = | % | - | z | x"], 3, "t (target) or r (res"),
        (["## news", "B - | Tăng 5%.", "> 5% | 5 | range | % | - | t | x"], 3, "upper end"),
        (["## news", "B - | Tăng 5%.", "> 5% | 5 | = | % | - | t | x | pillar=z"], 3, "pillar 'z'"),
        (["## news", "B - | Tăng 5%.", "> 5% | 5 | = | % | - | r | x | met=ok"], 3, "yes or no"),
        (
            ["## news", "B - | Tăng 5%.", "> 5% | 5 | = | % | - | r | x | met_=yes"],
            3,
            "'met_'",
        ),
        (["## news", "B - | Tăng 5%.", "> 5% | 5 | = | % | - | r | x | nay"], 3, "slot 'nay'"),
    ],
)
def test_a_malformed_line_is_named(
    lines: list[str], number: int, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "draft.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        read_drafts(path)
    assert str(caught.value).startswith(f"{path}, line {number}: ")
    assert reason in str(caught.value)
    assert str(caught.value).endswith("Correct the draft.")


def test_a_draft_that_is_missing_or_no_text_is_explained(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        read_drafts(tmp_path / "none.txt")
    (tmp_path / "bytes.txt").write_bytes(b"## news\nB - | \xff\xfe")
    with pytest.raises(CorpusError, match="Give a text file in UTF-8"):
        read_drafts(tmp_path / "bytes.txt")
