from __future__ import annotations
def link(phrase, unit):
    return None
def compare_with_official(t, e):
    return None
