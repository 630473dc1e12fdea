"""The labelled corpus: articles written for it, with every label of the guideline.

`articles` holds the records and the JSONL form, `drafts` the plain-text form that people write,
`checks` what must hold, `overlap` and `splits` how articles are kept apart, `statistics` counts.
"""
