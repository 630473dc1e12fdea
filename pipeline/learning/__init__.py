"""The life of a model: labelled corpus → training set → model → evaluation → promotion."""
