"""Measurements in processes of their own: wall time from start to exit, peak memory, ratios."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).parent
_LOOP = "x = 0\nfor i in range(60_000_000): x += i"
_SHORT = "Xã Minh An đặt mục tiêu 80% hồ sơ được nộp trực tuyến vào năm 2026."
_PYVI = """
import json, sys, time
from pyvi import ViTokenizer
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
ViTokenizer.tokenize(texts[0])
start = time.process_time()
for text in texts: ViTokenizer.tokenize(text)
print(time.process_time() - start)
"""


@dataclass
class Results:
    """What was measured; lists hold one figure a round."""

    machine: str
    articles: int
    characters: int
    naive_articles: int
    naive_characters: int
    naive: list[dict[str, float]] = field(default_factory=list)
    pyvi: list[float] = field(default_factory=list)
    stages: list[dict[str, float]] = field(default_factory=list)
    stage_characters: int = 0
    cpu: list[float] = field(default_factory=list)
    one: list[float] = field(default_factory=list)
    workers: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    """Articles → by round, how many times as fast two are as one: workers, and pure loops."""
    start: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    growth: dict[int, float] = field(default_factory=dict)
    growth_memory: dict[int, float] = field(default_factory=dict)
    disk: float = 0.0
    load: list[float] = field(default_factory=list)


def machine() -> str:
    """Return the processor, the number of cores and the Python, without any name of a host."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), "unknown")
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def read_records(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Return the records of JSONL files that hold a text."""
    lines = (line for path in paths for line in path.read_text(encoding="utf-8").splitlines())
    records = map(json.loads, lines)
    return [{"title": r.get("title"), "text": r["text"]} for r in records if r.get("text")]


def edited(records: Sequence[dict[str, Any]], count: int) -> Iterator[dict[str, Any]]:
    """Give `count` records: the given ones again and again, each time round with an edit."""
    for number, record in enumerate(islice(cycle(records), count)):
        turn = number // len(records)
        text = record["text"] if not turn else f"{record['text']}\n\nBản tin số {turn}-{number}."
        yield {"id": str(number), "title": record["title"], "text": text}


def measure(records: Sequence[dict[str, Any]], options: Any) -> Results:  # noqa: ANN401 - argparse
    """Run all measurements; those that are compared take turns within each round."""
    some = list(edited(records, options.articles))
    wanted = options.naive_articles or len(some)
    few = some[:: max(1, len(some) // wanted)][:wanted]
    found = Results(machine(), len(some), _size(some), len(few), _size(few))
    with TemporaryDirectory() as name:
        folder = Path(name)
        file, small, many, short = (folder / f"{n}.jsonl" for n in ("all", "few", "many", "short"))
        _write(file, some)
        _write(small, few)
        _write(many, edited(records, options.worker_articles))
        _write(short, [{"id": "1", "title": None, "text": _SHORT}])
        for _ in range(options.rounds):
            _round(found, (file, small, short), options)
            for count, path in ((len(some), file), (options.worker_articles, many)):
                found.workers.setdefault(count, []).append(_gains(path))
        for count in options.growth:
            _write(file, edited(records, count))
            _, found.growth[count], found.growth_memory[count] = _classify(file)
    return found


def _round(found: Results, files: tuple[Path, Path, Path], options: Any) -> None:  # noqa: ANN401
    file, small, short = files
    found.load.append(os.getloadavg()[0])
    found.naive.append(_output(sys.executable, str(HERE.parent / "naive.py"), str(small)))
    if options.pyvi:
        found.pyvi.append(_output(options.pyvi, "-c", _PYVI, str(small)))
    stages = _output(sys.executable, str(HERE / "stages.py"), str(file))
    found.stages.append(stages["seconds"])
    found.stage_characters = stages["characters"]
    seconds, cpu, peak = _classify(file)
    found.one.append(seconds)
    found.cpu.append(cpu)
    found.memory.append(peak)
    found.disk = _bytes(file.with_suffix(".run"))
    found.start.append(min(_classify(short)[0] for _ in range(3)))


def _size(records: Sequence[dict[str, Any]]) -> int:
    return sum(len(record["text"]) for record in records)


def _write(path: Path, records: Iterator[dict[str, Any]] | Sequence[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in records)


def _output(*command: str) -> Any:  # noqa: ANN401 - whatever the command prints as JSON
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


def _classify(path: Path, jobs: int = 1) -> tuple[float, float, float]:
    """Run `trucot classify`; return its seconds from start to exit, its CPU seconds, and peak MB.

    CPU seconds are those of all its processes, the peak is that of the largest one.
    """
    command = [str(Path(sys.executable).parent / "trucot"), "classify", str(path), "--fresh"]
    command += ["--output", str(path.with_suffix(".run")), "--jobs", str(jobs)]
    start = perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000


def _gains(path: Path) -> tuple[float, float]:
    """Return how many times as fast two workers are as one, and two pure loops as one."""
    one, single, double, two = _classify(path)[0], _loops(1), _loops(2), _classify(path, jobs=2)[0]
    single, double = single + _loops(1), double + _loops(2)
    return one / two, 2 * single / double


def _loops(count: int) -> float:
    """Return seconds of pure Python loops side by side: what two cores give at this moment."""
    start = perf_counter()
    loops = [subprocess.Popen([sys.executable, "-c", _LOOP]) for _ in range(count)]
    for loop in loops:
        loop.wait()
    return perf_counter() - start


def _bytes(folder: Path) -> float:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


def median(values: Sequence[float]) -> float:
    """Return the median of the rounds."""
    return statistics.median(values)
