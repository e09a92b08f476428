"""CPU time of processes in nanoseconds, which processes there are, and how fast this machine is just now."""

import time
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")
LOOPS = 2_000_000


def spent(processes: Iterable[int]) -> int:
    """Nanoseconds of CPU that these processes have used so far, with all threads they ever had."""
    return sum(time.clock_gettime_ns(_clock(process)) for process in processes)


def _clock(process: int) -> int:
    """Linux's number for the CPU clock of a process, as clock_getcpuclockid(3) makes it.

    It counts nanoseconds where `/proc/<pid>/stat` counts hundredths of a second.
    """
    return ~process << 3 | 2


def children(process: int) -> list[int]:
    """The processes that this process started and that still run, the oldest first."""
    said = (PROC / str(process) / "task" / str(process) / "children").read_text()
    return [int(child) for child in said.split()]


def processor() -> str:
    """What the machine is, in general words."""
    return f"{len(_cores())} virtual cores"


def _cores() -> list[str]:
    return [line for line in (PROC / "cpuinfo").read_text().splitlines() if line.startswith("processor")]


def calibration() -> float:
    """Milliseconds of CPU for a fixed loop of Python, the best of five, for other figures to stand beside."""
    return min(_loop() for _ in range(5))


def _loop() -> float:
    began = time.process_time_ns()
    total = 0
    for number in range(LOOPS):
        total += number & 7
    assert total
    return (time.process_time_ns() - began) / 1e6
