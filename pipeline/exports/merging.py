"""Take corrected labels back: hold them against what was exported, list what does not fit.

Nothing is guessed. A correction that does not fit its sentence, or on which two annotators
differ, is a conflict: the sentence keeps out of the result and the conflict is listed.
"""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.corpus.articles import CorpusArticle, LabelledUnit, write_articles
from pipeline.errors import ExportError
from pipeline.exports.agreement import Agreement, agreements
from pipeline.exports.corrections import Correction, changed_target, same_text
from pipeline.exports.originals import read_originals
from pipeline.exports.registry import find_format
from pipeline.exports.view import text_hash
from pipeline.records import NONE, PILLARS, Pillar, Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CORRECTED = "corrected"
NOBODY = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A correction that was not taken: what kind of conflict, where, and in words."""

    kind: str
    sentence_id: str
    place: str
    detail: str


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did.

    `read` counts corrections in the file, `checked` sentences that someone looked at and that are
    in the result, `changed` those among them whose labels differ from the exported ones.
    """

    output: Path
    read: int
    checked: int
    changed: int
    articles: int
    conflicts: tuple[Conflict, ...]
    conflicts_file: Path | None
    agreement: tuple[Agreement, ...]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to take corrections.

    Attributes:
        annotator: Name for corrections whose file does not say whose they are.
        all_checked: Every sentence in the file was looked at, changed or not.
        adjudicator: Whose word counts where annotators differ.
        force: Replace an earlier result.
    """

    annotator: str | None = None
    all_checked: bool = False
    adjudicator: str | None = None
    force: bool = False


class MisfitError(ValueError):
    """A correction does not fit its sentence; `kind` is that of the conflict."""

    def __init__(self, detail: str, kind: str) -> None:
        super().__init__(detail)
        self.kind = kind


def import_labels(
    file: Path | Sequence[Path],
    format_name: str,
    base: Path,
    output: Path,
    options: ImportOptions | None = None,
) -> ImportSummary:
    """Turn corrected exports into labelled articles.

    Args:
        file: What the tool gave back; several files count as several annotators, each named by
            its file unless it says another name.
        format_name: `label-studio`, `doccano`, `xlsx`, `csv` or `jsonl`.
        base: The run or corpus that had been exported.
        output: The `.jsonl` file of labelled articles to write. From a run it holds the articles
            with checked sentences, and of these only such sentences; from a corpus all articles.
        options: How to take corrections.

    Returns:
        Counts, conflicts (also in `<output>.conflicts.jsonl`) and agreement.

    Raises:
        ExportError: Nothing of the file can be used; says what to do.
    """
    options = options or ImportOptions()
    files = [file] if isinstance(file, Path) else list(file)
    read = find_format(format_name).reader()
    if output.exists() and not options.force:
        message = f"{output} exists. Choose another output, or add --force to replace it."
        raise ExportError(message)
    corrections = []
    for name in files:
        if not name.exists():
            message = f"No such file: {name}. Check the path."
            raise ExportError(message)
        default = options.annotator or (name.stem if len(files) > 1 else None)
        try:
            corrections += [_named(c, default, name, many=len(files) > 1) for c in read(name)]
        except zipfile.BadZipFile as error:
            message = f"{name} is damaged. Export it again."
            raise ExportError(message) from error
    if not corrections:
        message = f"{files[0]} holds no corrections. Export the labels of the tool first."
        raise ExportError(message)
    wanted = {_article_id(c.sentence_id) for c in corrections}
    kind, originals = read_originals(base, wanted)
    merge = _Merge(originals, options)
    for correction in corrections:
        merge.add(correction)
    accepted = merge.accepted()
    articles = list(_articles(kind, originals, accepted))
    write_articles(articles, output)
    conflicts_file = _write_conflicts(merge.conflicts, output)
    return ImportSummary(
        output=output,
        read=len(corrections),
        checked=len(accepted),
        changed=sum(unit != merge.unit(key) for key, (unit, _) in accepted.items()),
        articles=len(articles),
        conflicts=tuple(merge.conflicts),
        conflicts_file=conflicts_file,
        agreement=tuple(agreements(merge.named_labels())),
    )


def _named(correction: Correction, default: str | None, file: Path, *, many: bool) -> Correction:
    return replace(
        correction,
        annotator=correction.annotator or default,
        place=f"{file.name}: {correction.place}" if many else correction.place,
    )


def _article_id(sentence_id: str) -> str:
    return sentence_id.rpartition(":")[0]


class _Merge:
    """Corrections against the articles they were made on."""

    def __init__(self, originals: Mapping[str, CorpusArticle], options: ImportOptions) -> None:
        self._originals = originals
        self._options = options
        self._labels: dict[str, dict[str, tuple[LabelledUnit, Correction]]] = defaultdict(dict)
        self._refused: set[str] = set()
        self.conflicts: list[Conflict] = []

    def unit(self, sentence_id: str) -> LabelledUnit:
        """Return the sentence as exported.

        Raises:
            MisfitError: There is none with this id.
        """
        article_id, _, index = sentence_id.rpartition(":")
        article = self._originals.get(article_id)
        if article is None or not index.isdecimal() or int(index) >= len(article.sentences):
            message = f"no sentence {sentence_id!r} was exported from the base"
            raise MisfitError(message, "unknown_id")
        return article.sentences[int(index)]

    def add(self, correction: Correction) -> None:
        """Keep what a correction says, or list why it cannot be kept."""
        key = correction.sentence_id
        try:
            old = self._require_fit(correction)
            new = corrected_unit(self._text(key, old), old, correction)
        except MisfitError as misfit:
            self._refuse(misfit.kind, correction, str(misfit))
            return
        except ValueError as error:
            self._refuse("invalid_label", correction, str(error))
            return
        if not (correction.checked or self._options.all_checked or new != old):
            return
        person = correction.annotator or NOBODY
        before = self._labels[key].get(person)
        if before is not None and before[0] != new:
            self._refuse("said_twice", correction, f"{_who(person)} gives two different labels")
        else:
            self._labels[key][person] = (new, correction)

    def _refuse(self, kind: str, correction: Correction, detail: str) -> None:
        self._refused.add(correction.sentence_id)
        self.conflicts.append(Conflict(kind, correction.sentence_id, correction.place, detail))

    def _text(self, key: str, unit: LabelledUnit) -> str:
        return self._originals[_article_id(key)].sentence_text(unit)

    def _require_fit(self, correction: Correction) -> LabelledUnit:
        """Return the exported sentence that a correction speaks of, if it still is the same.

        Raises:
            MisfitError: It is unreadable, unknown or was edited.
        """
        if correction.problem:
            raise MisfitError(correction.problem, "unreadable")
        unit = self.unit(correction.sentence_id)
        text = self._text(correction.sentence_id, unit)
        if correction.text is not None and not same_text(correction.text, text):
            message = f"the file has {correction.text!r}, the base {text!r}"
            raise MisfitError(message, "edited_text")
        if correction.text_sha256 and correction.text_sha256 != text_hash(text):
            message = "the sentence was exported from another run or corpus"
            raise MisfitError(message, "other_base")
        return unit

    def accepted(self) -> dict[str, tuple[LabelledUnit, tuple[str, ...]]]:
        """Return the sentences on which there is one word: labels and annotators."""
        found = {}
        for key, said in sorted(self._labels.items()):
            if key in self._refused:
                continue
            chosen = said.get(self._options.adjudicator or NOBODY)
            units = [unit for unit, _ in said.values()]
            if all(unit == units[0] for unit in units):
                chosen = next(iter(said.values()))
            elif self._options.adjudicator is None or chosen is None:
                self._differ(key, said)
                continue
            people = tuple(sorted(person for person in said if person != NOBODY))
            found[key] = (chosen[0], people)
        return found

    def _differ(self, key: str, said: Mapping[str, tuple[LabelledUnit, Correction]]) -> None:
        words = [f"{_who(person)}: {_in_words(unit)}" for person, (unit, _) in said.items()]
        places = ", ".join(correction.place for _, correction in said.values())
        self.conflicts.append(Conflict("annotators_differ", key, places, " | ".join(words)))

    def named_labels(self) -> dict[str, dict[str, LabelledUnit]]:
        """Return what named annotators said: sentence id → annotator → labels."""
        return {
            key: {person: unit for person, (unit, _) in said.items() if person != NOBODY}
            for key, said in self._labels.items()
        }


def _who(person: str) -> str:
    return person or "someone without a name"


def _in_words(unit: LabelledUnit) -> str:
    spans = [f"{t.surface} ({t.status} {t.value} {t.unit})" for t in unit.targets]
    pillars = ", ".join(unit.pillars) or NONE
    return f"{pillars}; primary {unit.primary or NONE}; {'; '.join(spans) or 'no entry'}"


def corrected_unit(text: str, old: LabelledUnit, correction: Correction) -> LabelledUnit:
    """Return the sentence with the labels that a correction gives it.

    A primary that the file does not name is the old one if it is still among the pillars, else
    the only pillar.

    Raises:
        ValueError: The labels do not make a valid sentence; says why.
    """
    pillars = old.pillars
    if correction.pillars is not None:
        unknown = [p for p in correction.pillars if p not in tuple(PILLARS)]
        if unknown:
            message = f"{unknown[0]!r} is not a pillar"
            raise ValueError(message)
        pillars = tuple(p for p in PILLARS if p in correction.pillars)
    primary = _primary(old, correction, pillars)
    return LabelledUnit(
        old.start, old.end, old.kind, pillars, primary, _targets(text, old, correction)
    )


def _primary(
    old: LabelledUnit, correction: Correction, pillars: tuple[Pillar, ...]
) -> Pillar | None:
    if correction.primary is not None:
        if correction.primary not in (*PILLARS, NONE):
            message = f"primary {correction.primary!r} is not a pillar"
            raise ValueError(message)
        primary = None if correction.primary == NONE else Pillar(correction.primary)
    elif not pillars:
        primary = None
    elif old.primary in pillars:
        primary = old.primary
    elif len(pillars) == 1:
        primary = pillars[0]
    else:
        message = f"several pillars ({', '.join(pillars)}) and none named primary"
        raise ValueError(message)
    if (primary is None) != (not pillars) or (primary is not None and primary not in pillars):
        message = f"primary {primary or NONE} does not fit the pillars {', '.join(pillars) or NONE}"
        raise ValueError(message)
    return primary


def _targets(text: str, old: LabelledUnit, correction: Correction) -> tuple[Target, ...]:
    prefix = f"{correction.sentence_id}:"
    kept = {f"{prefix}{number}": target for number, target in enumerate(old.targets)}
    for key in [*correction.removed, *(e.target_id for e in correction.entries if e.target_id)]:
        if key not in kept:
            message = f"the sentence has no entry {key!r}"
            raise ValueError(message)
    places = {(t.start, t.surface): key for key, t in kept.items() if key in correction.removed}
    before = dict(kept)
    for key in correction.removed:
        kept.pop(key, None)
    new = []
    for change in correction.entries:
        known = change.target_id
        if known is None and change.start is not None:
            known = places.get((change.start, change.surface or ""))
        target = changed_target(text, before[known] if known else None, change)
        if known:
            kept[known] = target
        else:
            new.append(target)
    targets = sorted((*kept.values(), *new), key=lambda target: target.start)
    for earlier, later in pairwise(targets):
        if later.start < earlier.end:
            message = f"the entries {earlier.surface!r} and {later.surface!r} overlap"
            raise ValueError(message)
    return tuple(targets)


def _articles(
    kind: str,
    originals: Mapping[str, CorpusArticle],
    accepted: Mapping[str, tuple[LabelledUnit, tuple[str, ...]]],
) -> Iterator[CorpusArticle]:
    by_article: dict[str, dict[int, tuple[LabelledUnit, tuple[str, ...]]]] = defaultdict(dict)
    for key, word in accepted.items():
        article_id, _, index = key.rpartition(":")
        by_article[article_id][int(index)] = word
    for article_id, article in originals.items():
        found = by_article.get(article_id, {})
        if not found:
            if kind == "corpus":
                yield article
            continue
        units = [
            found[i][0] if i in found else unit
            for i, unit in enumerate(article.sentences)
            if i in found or kind == "corpus"
        ]
        people = {person for _, names in found.values() for person in names}
        is_changed = any(unit != article.sentences[i] for i, (unit, _) in found.items())
        yield replace(
            article,
            sentences=tuple(units),
            origin=CORRECTED if is_changed or kind == "run" else article.origin,
            annotators=(*article.annotators, *sorted(people - set(article.annotators))),
        )


def _write_conflicts(conflicts: Sequence[Conflict], output: Path) -> Path | None:
    file = output.with_name(output.name + ".conflicts.jsonl")
    if not conflicts:
        file.unlink(missing_ok=True)
        return None
    rows = [json.dumps(asdict(conflict), ensure_ascii=False) + "\n" for conflict in conflicts]
    file.write_text("".join(rows), encoding="utf-8")
    return file
