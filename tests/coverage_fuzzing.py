"""The properties of `tests/test_fuzz.py` driven by coverage: run by `make fuzz`, needs atheris.

Arguments are those of libFuzzer (`-max_total_time=60`, `-runs=1000`); the last one is the folder
of inputs, which grows. It is sown with the crashers of old.
"""

from __future__ import annotations

import importlib
import json
import sys
from hashlib import sha256
from pathlib import Path

_LONGEST_SEED = 4000


def main() -> None:
    """Mutate inputs until one is not survived, and print that one as a case."""
    atheris = importlib.import_module("atheris")  # has no types
    with atheris.instrument_imports(include=["pipeline"]):
        from tests.survival import NAMES, Toll, survives_reading
        from tests.test_crashers import CASES, put_together
        from tests.test_fuzz import staging

    text = staging(Toll()).hypothesis.fuzz_one_input  # type: ignore[attr-defined]

    def survives(data: bytes) -> None:
        """The first byte says what the others are: draws of hypothesis, or a file by its name."""
        choice = data[0] % (len(NAMES) + 1) if data else 0
        if choice == len(NAMES):
            text(data[1:])
            return
        try:
            survives_reading(NAMES[choice], data[1:], Toll())
        except BaseException:
            parts = [[data[1:].decode("latin-1"), 1]]
            case = {"name": "", "file": NAMES[choice], "encoding": "latin-1", "parts": parts}
            sys.stderr.write(f"{json.dumps(case)}\n")
            raise

    folder = Path(sys.argv[-1])
    folder.mkdir(parents=True, exist_ok=True)
    for line in (CASES / "files.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        data = put_together(case).encode(case["encoding"])
        if len(data) < _LONGEST_SEED:
            seed = bytes([NAMES.index(case["file"])]) + data
            (folder / sha256(seed).hexdigest()).write_bytes(seed)
    atheris.Setup(sys.argv, survives)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
