"""Words of sentences: the model of underthesea, evaluated for many sentences at once.

    text ─ chunks ─► tokens ─ emissions ─► differences ─ viterbi ─► labels ─ vocabulary ─► words

`reference` says the same in plain Python, `installed` is the door to the library, `warm` makes a
new process quick from its first article.
"""

from pipeline.segment.segmenter import Segmenter

__all__ = ["Segmenter"]
