"""Pillars of sentences: TF-IDF and a few dense blocks under four linear classifiers.

`vocabulary` turns words into terms, `ngrams`, `concepts` and `background` are the blocks of
features, `features` puts them side by side, `training` fits, `calibration` turns scores into
probabilities, `model` predicts and explains, `artefact` saves and loads.
"""
