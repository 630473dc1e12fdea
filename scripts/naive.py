"""The plain pipeline that trucot is measured against: the shortest honest use of the libraries.

underthesea splits and segments, scikit-learn vectorises and predicts a whole batch at once. It
cleans nothing, finds no targets, writes nothing. Run: python scripts/naive.py FILE.jsonl
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from time import process_time

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from underthesea import sent_tokenize, word_tokenize

from pipeline.corpus.articles import read_articles
from pipeline.records import PILLARS


def main(path: Path) -> None:
    """Fit on the labelled corpus, label the articles of a file, print CPU seconds as JSON."""
    units = [(a.sentence_text(u), u.pillars) for a in read_articles(Path("corpus/articles"))
             for u in a.sentences]  # fmt: skip
    words = [word_tokenize(text, format="text") for text, _ in units]
    labels = [[pillar in pillars for pillar in PILLARS] for _, pillars in units]
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        OneVsRestClassifier(LogisticRegression(max_iter=1000)),
    ).fit(words, labels)
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    marks = [process_time()]
    sentences = [sentence for text in texts for sentence in sent_tokenize(text)]
    marks.append(process_time())
    segmented = [word_tokenize(sentence, format="text") for sentence in sentences]
    marks.append(process_time())
    model.predict(segmented)
    marks.append(process_time())
    split, segment, predict = (end - start for start, end in pairwise(marks))
    print(json.dumps({"split": split, "segment": segment, "predict": predict}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
