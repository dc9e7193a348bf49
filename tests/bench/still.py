#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a room costs in which all cameras are off: docs/performance.md, "A picture that stands still".

usage: still.py [--build DIR] [--people 3] [--seconds 20] [--check]

One row for each kind of thread of the room process, in per cent of a core, from /proc. `picture` is
what the canvas costs: its ticker and its encoders. The rest is sound and connections."""

import argparse
import os
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the source tree stays clean
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from programs import Programs, Server  # noqa: E402

SETTLE_S = 6
# Of a core: what the picture may cost once it is sharp.
BAR_PERCENT = 1.0
# Threads, docs/threads.md: the ticker; each encoder's pipeline begins with an appsrc named `source`.
PICTURE_THREADS = ("canvas", "source:src")


def run_ns(pid):
    """Nanoseconds that each thread has run, by name."""
    sums = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/comm", encoding="utf-8") as name_file:
                name = name_file.read().strip()
            with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as stat:
                sums[name] = sums.get(name, 0) + int(stat.read().split()[0])
        except OSError:
            continue  # it has ended meanwhile
    return sums


def busiest(pids, seconds):
    """Of the process that did most: {thread: per cent of a core}."""
    before = {pid: run_ns(pid) for pid in pids}
    start = time.monotonic()
    time.sleep(seconds)
    passed_ns = (time.monotonic() - start) * 1e9
    figures = []
    for pid in pids:
        after = run_ns(pid)
        figures.append({name: 100 * (ns - before[pid].get(name, 0)) / passed_ns
                        for name, ns in after.items()})
    return max(figures, key=lambda each: sum(each.values()))


def measure(found, options):
    found.make_material()
    with Server(found) as server:
        load = subprocess.Popen(
            [found.program("load"), "--server", server.url, "--material", found.material,
             "--clients", str(options.people), "--talkers", "0", "--cameras-off", "--no-probe",
             "--warmup", "1", "--seconds", str(SETTLE_S + options.seconds + 2)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(SETTLE_S)
            return busiest(server.pids()[1:], options.seconds)
        finally:
            load.terminate()
            load.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="build")
    parser.add_argument("--people", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--check", action="store_true", help="fail when the picture costs too much")
    options = parser.parse_args()
    figures = measure(Programs(options.build), options)
    picture = sum(figures.get(name, 0) for name in PICTURE_THREADS)
    print("| thread | % of a core |\n|---|---|")
    for name, percent in sorted(figures.items(), key=lambda each: -each[1]):
        if percent >= 0.01:
            print(f"| {name} | {percent:.2f} |")
    print(f"| **picture** | **{picture:.2f}** |\n| all | {sum(figures.values()):.2f} |")
    if options.check and picture > BAR_PERCENT:
        raise SystemExit(f"the picture costs more than {BAR_PERCENT} %")


if __name__ == "__main__":
    main()
