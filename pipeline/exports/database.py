"""What the SQLite and DuckDB exports share: three tables with keys, and views over them."""

from __future__ import annotations

TABLE_KEYS = {"articles": "article_id", "sentences": "sentence_id", "targets": "target_id"}
REFERENCES = {
    "sentences": {"article_id": "articles"},
    "targets": {"sentence_id": "sentences", "article_id": "articles"},
    "sentence_pillars": {"sentence_id": "sentences"},
}
INDEXES = {
    "articles": ("published", "province", "source"),
    "sentences": ("article_id", "primary"),
    "targets": ("sentence_id", "article_id", "status", "pillar", "indicator_id", "deadline"),
    "sentence_pillars": ("pillar",),
}

VIEWS = {
    "targets_in_context": """
        select t.*, s.text as sentence, s."primary" as sentence_primary, a.title, a.published,
               a.source, a.url, a.province
        from targets t
        join sentences s on s.sentence_id = t.sentence_id
        join articles a on a.article_id = t.article_id
        where a.duplicate_of is null""",
    "targets_by_province_pillar": """
        select a.province, t.pillar, t.status, count(*) as entries,
               count(distinct t.article_id) as articles, min(t.deadline) as first_deadline,
               max(t.deadline) as last_deadline
        from targets t join articles a on a.article_id = t.article_id
        where a.duplicate_of is null
        group by a.province, t.pillar, t.status""",
    "targets_by_indicator": """
        select t.indicator_id, t.unit, t.status, count(*) as entries, min(t.value) as least,
               max(coalesce(t.value_max, t.value)) as most
        from targets t join articles a on a.article_id = t.article_id
        where t.indicator_id is not null and a.duplicate_of is null
        group by t.indicator_id, t.unit, t.status""",
    "sentences_by_month_pillar": """
        select substr(a.published, 1, 7) as month, p.pillar, count(*) as sentences,
               count(distinct s.article_id) as articles
        from sentence_pillars p
        join sentences s on s.sentence_id = p.sentence_id
        join articles a on a.article_id = s.article_id
        where a.duplicate_of is null
        group by substr(a.published, 1, 7), p.pillar""",
    "sentences_to_review": """
        select s.sentence_id, s.text, s."primary", s.probability, a.title, a.published, a.url
        from sentences s join articles a on a.article_id = s.article_id
        where s.abstained and a.duplicate_of is null
        order by s.probability""",
}
"""Views in SQL that both databases read. Copies of an article (`duplicate_of`) are left out."""


def quoted(name: str) -> str:
    """Return a name as SQL takes it even if it is a keyword.

    >>> quoted("primary")
    '"primary"'
    """
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
