"""Kills, full disks and poison, for real: run by `make torture`."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import RunError
from tests.runs.folders import SMALL, data_bytes, rejects_of, row, rows_of, run, write_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.torture, pytest.mark.timeout(1800)]
ARTICLES, KILLS = 800, 22


def start(source: Path, output: Path, jobs: int = 2) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.runs.coordinator", str(source), str(output), str(jobs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> str:
    """Wait for the end of a program; return what it said on standard error."""
    return process.communicate(timeout=300)[1]


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the worker processes of a coordinator."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rsplit(") ", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        if parent == process.pid:
            found.append(int(entry.name))
    return found


def wait_for_work(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    process.stdout.readline()


def kill_coordinator(process: subprocess.Popen[str], moment: random.Random) -> None:
    """Kill it while it starts, or some time after its first shard."""
    if moment.random() > 0.25:
        wait_for_work(process)
        time.sleep(moment.uniform(0.0, 1.5))
    else:
        time.sleep(moment.uniform(0.5, 3.0))
    process.kill()
    ended(process)


def kill_workers(process: subprocess.Popen[str], moment: random.Random, times: int) -> int:
    """Kill one worker after another, each some time after a shard; returns how many died."""
    killed = 0
    for _ in range(times):
        wait_for_work(process)
        time.sleep(moment.uniform(0.0, 0.5))
        for pid in workers_of(process)[:1]:
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed


def loss(output: Path, expected: list[str]) -> tuple[int, int]:
    """Return how many articles are missing, and how many are there more than once."""
    found = Counter(rows_of(output, "articles")["article_id"])
    sentences = Counter(rows_of(output, "sentences")["sentence_id"])
    doubled = sum(n > 1 for n in found.values()) + sum(n > 1 for n in sentences.values())
    return sum(name not in found for name in expected), doubled


def resume(source: Path, output: Path) -> None:
    process = start(source, output)
    told = ended(process)
    assert process.returncode == 0, told


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes], list[str]]:
    """Return input, the files of an undisturbed run, and the ids."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = [row(n) for n in range(ARTICLES)]
    for n in range(0, ARTICLES, 4):
        rows[n]["text"] = f"{rows[n]['text']} #slow"
    source = write_rows(folder / "in.jsonl", rows)
    resume(source, folder / "clean")
    return source, data_bytes(folder / "clean"), [str(r["id"]) for r in rows]


def test_killed_at_random_moments_the_bytes_are_those_of_a_clean_run(
    corpus: tuple[Path, dict[str, bytes], list[str]],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    source, clean, ids = corpus
    moment = random.Random(7)
    kills = {"coordinator": 0, "worker": 0}
    rounds = lost = doubled = 0
    while sum(kills.values()) < KILLS or not rounds:
        output = tmp_path / f"run{rounds}"
        while not (output / "manifest.json").exists():
            process = start(source, output)
            wanted = KILLS - sum(kills.values())
            victim = min(kills, key=lambda name: kills[name])
            if wanted > 0 and victim == "coordinator":
                kill_coordinator(process, moment)
                kills[victim] += process.returncode == -signal.SIGKILL
            else:
                kills["worker"] += kill_workers(process, moment, min(wanted, 3))
                told = ended(process)
                assert process.returncode == 0, told
        missing, twice = loss(output, ids)
        lost, doubled = lost + missing, doubled + twice
        assert data_bytes(output) == clean
        rounds += 1
    assert min(kills.values()) >= 5
    record_property("torture", f"{sum(kills.values())} {sum(kills.values())} {lost} {doubled}")
    assert (lost, doubled) == (0, 0)


def test_one_interrupt_finishes_the_shards_under_way(
    corpus: tuple[Path, dict[str, bytes], list[str]], tmp_path: Path
) -> None:
    source, clean, _ = corpus
    process = start(source, tmp_path / "run")
    wait_for_work(process)
    process.send_signal(signal.SIGINT)
    told = ended(process)
    assert process.returncode == 1
    assert told.startswith("Stopped; ")
    assert told.strip().endswith("Run the same command again to go on.")
    assert list((tmp_path / "run/.state").glob("*.tmp")) == []
    resume(source, tmp_path / "run")
    assert data_bytes(tmp_path / "run") == clean


def test_two_interrupts_stop_at_once(
    corpus: tuple[Path, dict[str, bytes], list[str]], tmp_path: Path
) -> None:
    source, clean, _ = corpus
    process = start(source, tmp_path / "run")
    wait_for_work(process)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    ended(process)
    assert process.returncode != 0
    resume(source, tmp_path / "run")
    assert data_bytes(tmp_path / "run") == clean


def test_no_worker_outlives_a_killed_coordinator(
    corpus: tuple[Path, dict[str, bytes], list[str]], tmp_path: Path
) -> None:
    process = start(corpus[0], tmp_path / "run")
    wait_for_work(process)
    workers = workers_of(process)
    assert len(workers) == 2
    process.kill()
    ended(process)
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.2)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """Mount a small file system of its own."""
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    if mount is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a tmpfs")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_and_nothing_half_written_is_left(
    corpus: tuple[Path, dict[str, bytes], list[str]],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    source, clean, ids = corpus
    disk = tmp_path / "disk"
    with small_disk(disk, "1m"):
        process = start(source, disk / "run")
        told = ended(process)
        assert process.returncode == 1
        assert "No space left on device" in told
        assert "run the same command again" in told
        assert list((disk / "run/.state").glob("*.tmp")) == []
        assert len(rows_of(disk / "run", "sentences")) > 0
        assert not (disk / "run/manifest.json").exists()
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        resume(source, disk / "run")
        assert data_bytes(disk / "run") == clean
        lost, doubled = loss(disk / "run", ids)
    record_property("torture", f"{len(ids)} {len(ids) - lost} {lost} {doubled}")


def test_poison_articles_are_rejects_and_all_others_land(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    poison = {3: "#die", 40: "#die", 41: "#raise", 77: "#spin"}
    rows = [row(n, poison.get(n)) for n in range(96)]
    source = write_rows(tmp_path / "in.jsonl", rows)
    run(source, tmp_path / "run", SMALL)
    assert [r["record"] for r in rejects_of(tmp_path / "run")] == sorted(poison)
    good = [str(r["id"]) for n, r in enumerate(rows) if n not in poison]
    lost, doubled = loss(tmp_path / "run", good)
    record_property("torture", f"{len(rows)} {len(good) - lost} {lost} {doubled}")
    assert (lost, doubled) == (0, 0)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file", encoding="utf-8")
    source = write_rows(tmp_path / "in.jsonl", [row(1)])
    with pytest.raises(RunError, match="Cannot write to"):
        run(source, tmp_path / "run")
