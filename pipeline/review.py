"""The sentences of a run that are most worth a person's time.

Sentences come from four lists in turn: close to a decision, at odds with the pillar lexicon, at
odds with their near neighbours, and close to a decision on the rarest pillar. Near copies of a
chosen sentence are passed over, and no article takes over the queue. A random share stands in for
all sentences: on it alone the quality of a run can be estimated without bias.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import cycle, pairwise
from typing import TYPE_CHECKING

import numpy as np

from pipeline.classify.concepts import lexicon_labels
from pipeline.corpus.overlap import GRAM, LEAST_GRAMS, grams, tokens
from pipeline.errors import ExportError
from pipeline.exports.options import ExportOptions
from pipeline.exports.view import open_source
from pipeline.exports.writing import export
from pipeline.records import PILLARS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.exports.options import ExportSummary

UNCERTAIN, LEXICON, NEIGHBOURS, RARE, CONTROL = (
    "uncertain",
    "differs from lexicon",
    "differs from neighbours",
    "rare pillar",
    "control",
)
ABSTAINED = "abstained"
_TURNS = (UNCERTAIN, LEXICON, UNCERTAIN, NEIGHBOURS, RARE)
NEAR_COPY = 0.5
LEAST_LIKENESS = 0.3
NEIGHBOUR_COUNT = 5
POOL = 20_000
"""Most sentences that are compared with one another; a larger run is thinned to them."""

_ASIDE = frozenset(kind.value for kind in Kind if kind.is_furniture or kind.is_copy)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Sentences that may be reviewed, as parallel lists; `labels` is n × 4, `scores` likewise."""

    ids: Sequence[str]
    articles: Sequence[str]
    texts: Sequence[str]
    scores: NDArray[np.float64]
    labels: NDArray[np.bool_]
    abstained: NDArray[np.bool_]

    def take(self, places: NDArray[np.int64]) -> Candidates:
        """Return those at the given places."""
        return Candidates(
            [self.ids[i] for i in places],
            [self.articles[i] for i in places],
            [self.texts[i] for i in places],
            self.scores[places],
            self.labels[places],
            self.abstained[places],
        )


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """How a queue is filled.

    Attributes:
        control: Share of the queue that is drawn at random from the whole run.
        seed: Another number draws other control sentences.
        per_article: Most sentences of one article, the control share aside.
    """

    control: float = 0.1
    seed: int = 0
    per_article: int = 5

    def __post_init__(self) -> None:
        if not 0 <= self.control <= 1:
            message = f"A control share of {self.control} is no share. Give 0 to 1."
            raise ExportError(message)


def write_review(
    run: Path,
    size: int,
    format_name: str,
    output: Path,
    options: ReviewOptions | None = None,
    export_options: ExportOptions | None = None,
) -> tuple[ExportSummary, Counter[str]]:
    """Write the review queue of a run for people to correct; import it again when they did.

    Args:
        run: A run folder.
        size: Number of sentences.
        format_name: `label-studio` or `xlsx` (any format that can be imported again).
        output: File or folder to make.
        options: How the queue is filled.
        export_options: Licence, delimiter and force; filters do not apply to a queue.

    Returns:
        What was written, and the number of sentences by reason.

    Raises:
        ExportError: The run or format does not fit.
    """
    queue = review_queue(run, size, options)
    given = export_options or ExportOptions()
    chosen = ExportOptions(
        licence=given.licence, delimiter=given.delimiter, force=given.force, queue=queue
    )
    return export(run, format_name, output, chosen), Counter(queue.values())


def review_queue(run: Path, size: int, options: ReviewOptions | None = None) -> dict[str, str]:
    """Return sentence id → reason for the sentences to review, the most useful first.

    Args:
        run: A run folder.
        size: Number of sentences; fewer if the run has fewer.
        options: How the queue is filled.

    Raises:
        ExportError: `run` is no finished run, or `size` is not positive.
    """
    if size < 1:
        message = f"A queue of {size} sentences is empty. Ask for 1 or more."
        raise ExportError(message)
    options = options or ReviewOptions()
    source = open_source(run)
    if source.kind != "run":
        message = f"{run} is a labelled corpus. Give a run: only a model can be in doubt."
        raise ExportError(message)
    found = _read(run)
    return choose(found, size, options)


def choose(found: Candidates, size: int, options: ReviewOptions) -> dict[str, str]:
    """Return sentence id → reason, from candidates already read."""
    order = _by_hash(found.ids, options.seed)
    control = order[: round(size * options.control)]
    distances = _distances(found)
    pool = _thinned(_margins(found, distances), order)
    rest = found.take(pool)
    chosen = _Chosen(rest, options.per_article, {found.ids[i] for i in control})
    _fill(chosen, _rankings(rest, distances[pool]), size - len(control))
    queue = dict(chosen.reasons)
    step = max(1, len(queue) // max(1, len(control)))
    mixed: dict[str, str] = {}
    waiting = [found.ids[i] for i in control]
    for number, (key, reason) in enumerate(queue.items(), 1):
        mixed[key] = reason
        if number % step == 0 and waiting:
            mixed[waiting.pop(0)] = CONTROL
    mixed.update(dict.fromkeys(waiting, CONTROL))
    return mixed


def _read(run: Path) -> Candidates:
    ids, articles, texts, scores, labels, abstained = [], [], [], [], [], []
    for part in open_source(run).parts():
        for row in part.sentences.to_pylist():
            if row["kind"] not in _ASIDE:
                ids.append(row["sentence_id"])
                articles.append(row["article_id"])
                texts.append(row["text"])
                scores.append([row[f"score_{pillar}"] for pillar in PILLARS])
                labels.append([pillar in row["pillars"] for pillar in PILLARS])
                abstained.append(row["abstained"])
    return Candidates(
        ids,
        articles,
        texts,
        np.array(scores, np.float64).reshape(-1, len(PILLARS)),
        np.array(labels, bool).reshape(-1, len(PILLARS)),
        np.array(abstained, bool),
    )


def _by_hash(ids: Sequence[str], seed: int) -> NDArray[np.int64]:
    hashes = [hashlib.sha256(f"{seed}:{key}".encode()).digest() for key in ids]
    return np.array(sorted(range(len(ids)), key=hashes.__getitem__), np.int64)


def _distances(found: Candidates) -> NDArray[np.float64]:
    """Return how far each pillar of a sentence is from its decision, in log odds (n × 4).

    A run does not say the thresholds of its model; they lie between the highest score without the
    label and the lowest score with it.
    """
    held = np.clip(found.scores, 1e-9, 1 - 1e-9)
    odds: NDArray[np.float64] = np.log(held / (1 - held))
    for k in range(len(PILLARS)):
        given = found.labels[:, k]
        if given.any() and not given.all():
            odds[:, k] -= (odds[given, k].min() + odds[~given, k].max()) / 2
    return np.abs(odds)


def _margins(found: Candidates, distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the least distance of a sentence's pillars; what abstained comes before the rest."""
    nearest: NDArray[np.float64] = distances.min(axis=1, initial=np.inf)
    return np.where(found.abstained, np.minimum(nearest, 0.0) + nearest * 1e-3, nearest)


def _thinned(margins: NDArray[np.float64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places of the pool: half the least sure, half random; all of a small run."""
    if len(margins) <= POOL:
        return np.arange(len(margins))
    nearest = np.argsort(margins, kind="stable")[: POOL // 2]
    return np.union1d(nearest, order[: POOL // 2])


def _rankings(found: Candidates, distances: NDArray[np.float64]) -> dict[str, list[int]]:
    """Return for each reason the places of the sentences that have it, the strongest first."""
    margins = _margins(found, distances)
    return {
        UNCERTAIN: np.argsort(margins, kind="stable").tolist(),
        LEXICON: _at_odds(_differences(_of_lexicon(found), found.labels), margins),
        NEIGHBOURS: _at_odds(_neighbour_differences(found), margins),
        RARE: _near_rarest(found, distances),
    }


def _differences(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> NDArray[np.float64]:
    counts: NDArray[np.float64] = (one != other).sum(axis=1).astype(np.float64)
    return counts


def _at_odds(strength: NDArray[np.float64], margins: NDArray[np.float64]) -> list[int]:
    order = np.lexsort((margins, -strength))
    return [int(i) for i in order if strength[i] > 0]


def _of_lexicon(found: Candidates) -> NDArray[np.bool_]:
    return lexicon_labels([text.split() for text in found.texts])


def _neighbour_differences(found: Candidates) -> NDArray[np.float64]:
    """Return how far each sentence's labels are from those of the sentences most like it."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 -- slow import
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415

    differences = np.zeros(len(found.ids))
    if len(found.ids) < NEIGHBOUR_COUNT + 1 or not any(map(tokens, found.texts)):
        return differences
    rows = TfidfVectorizer(analyzer=_terms, sublinear_tf=True, dtype=np.float32).fit_transform(
        found.texts
    )
    search = NearestNeighbors(n_neighbors=NEIGHBOUR_COUNT + 1, metric="cosine").fit(rows)
    distances, places = search.kneighbors(rows)
    for i in range(len(found.ids)):
        near = [
            (1 - distance, j)
            for distance, j in zip(distances[i], places[i], strict=True)
            if j != i and distance <= 1 - LEAST_LIKENESS
        ]
        total = sum(likeness for likeness, _ in near)
        apart = sum(w * bool((found.labels[j] != found.labels[i]).any()) for w, j in near)
        differences[i] = apart / total if total and apart / total >= 0.5 else 0.0  # noqa: PLR2004
    return differences


def _terms(text: str) -> list[str]:
    words = tokens(text)
    return words + [f"{a} {b}" for a, b in pairwise(words)]


def _near_rarest(found: Candidates, distances: NDArray[np.float64]) -> list[int]:
    """Return sentences by how near they are to a decision on the pillar that the run gives least.

    Not by their score for it: the highest scores are right as a rule and teach nothing.
    """
    rarest = int(np.argmin(found.labels.sum(axis=0)))
    order: list[int] = np.argsort(distances[:, rarest], kind="stable").tolist()
    return order


class _Chosen:
    """What is in the queue so far, and what would repeat it."""

    def __init__(self, found: Candidates, per_article: int, taken: set[str]) -> None:
        self._found = found
        self._per_article = per_article
        self._taken = taken
        self._counts: Counter[str] = Counter()
        self._holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._sizes: dict[int, int] = {}
        self.reasons: dict[str, str] = {}

    def add(self, place: int, reason: str) -> bool:
        """Take a sentence unless it is there, repeats another or its article has its share."""
        key, article = self._found.ids[place], self._found.articles[place]
        if key in self.reasons or key in self._taken or self._counts[article] >= self._per_article:
            return False
        mine = self._grams(self._found.texts[place])
        shared = Counter(other for gram in mine for other in self._holders.get(gram, ()))
        for other, count in shared.items():
            if count / min(len(mine), self._sizes[other]) >= NEAR_COPY:
                return False
        for gram in mine:
            self._holders[gram].append(place)
        self._sizes[place] = len(mine)
        self._counts[article] += 1
        abstained = reason == UNCERTAIN and self._found.abstained[place]
        self.reasons[key] = ABSTAINED if abstained else reason
        return True

    @staticmethod
    def _grams(text: str) -> set[tuple[str, ...]]:
        found = grams(text, GRAM)
        return found if len(found) >= LEAST_GRAMS else {tuple(tokens(text))}


def _fill(chosen: _Chosen, rankings: dict[str, list[int]], size: int) -> None:
    """Take from the lists in turn until the queue is full or all lists are empty."""
    lists: dict[str, Iterator[int]] = {reason: iter(order) for reason, order in rankings.items()}
    empty: set[str] = set()
    for reason in cycle(_TURNS):
        if len(chosen.reasons) >= size or len(empty) == len(lists):
            return
        if not any(chosen.add(place, reason) for place in lists[reason]):
            empty.add(reason)
