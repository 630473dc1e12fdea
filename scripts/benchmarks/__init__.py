"""What `scripts/benchmark.py` measures (`measure`), and the page that it writes (`page`)."""
