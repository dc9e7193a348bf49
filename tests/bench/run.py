#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a real tessera under load and prints what it costs: see docs/performance.md.

Needs python3's standard library only. All traffic stays on 127.0.0.1; everything ends by itself.
"""

import argparse
import json
import os
import sys

sys.dont_write_bytecode = True  # the source tree stays clean
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import measure
import programs
import table


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="build", help="build directory (default: build)")
    parser.add_argument("--codec", default="h264", choices=["h264", "vp8"])
    parser.add_argument("--people", default="1,2,4,8,16,24", help="numbers of participants")
    parser.add_argument("--viewers", type=int, default=0, help="receive-only people beside them")
    parser.add_argument("--talkers", type=int, default=2, help="who speak; the others are quiet")
    parser.add_argument("--seconds", type=float, default=20, help="measured time of a row")
    parser.add_argument("--warmup", type=float, default=3)
    parser.add_argument("--runs", type=int, default=1, help="rows per number; the median is printed")
    parser.add_argument("--json", metavar="FILE", help="also write everything that was measured")
    parser.add_argument("--short", action="store_true", help="an ordinary test: conditions, no times")
    return parser.parse_args()


def run_short(found, options):
    """N=2: joins, frames, sound, decodable pictures. Times are not judged: machines are busy."""
    with programs.Server(found) as server:
        load = programs.Load(found, server.url, people=2, viewers=1, talkers=2, codec=options.codec,
                             seconds=10, warmup=2, extra=["--check"])
        result = load.run()
        alive = server.is_alive()
    print(json.dumps(result))
    if load.status != 0 or result is None or not alive:
        print("failed: see above" if alive else "failed: the server died", file=sys.stderr)
        return 1
    return 0


def measure_direct(found, options):
    """The same through no server: what the measuring itself adds."""
    return programs.Load(found, None, people=1, talkers=1, codec=options.codec, seconds=8,
                         warmup=1, extra=["--direct"]).run()


def measure_bare(found, options, people):
    """Cores that so many bare webrtcbins use for the packets of so many participants."""
    with programs.Bare(found, options.codec) as bare:
        load = programs.Load(found, bare.url, people=people, talkers=options.talkers,
                             codec=options.codec, seconds=6, warmup=2,
                             extra=["--http", "--sendrecv", "--no-probe"])
        window = measure.Window([bare.pid])
        result = load.run(window)
    if result is None or result["fps_least"] < 25:
        print(f"N={people}: the bare webrtcbins do not keep up: is the machine busy?")
    return window.cores(bare.pid)["total"]


def measure_row(found, options, people):
    with programs.Server(found) as server:
        load = programs.Load(found, server.url, people=people, viewers=options.viewers,
                             talkers=options.talkers, codec=options.codec, seconds=options.seconds,
                             warmup=options.warmup)
        window = measure.Window(server.pids)
        result = load.run(window)
        if result is None:
            raise SystemExit(f"N={people}: tessera-load failed")
        return measure.row(people, result, window, server)


def median_row(rows):
    """The row in the middle by the server's cost: figures of one run stay together."""
    rows = sorted(rows, key=lambda row: row["server"])
    return rows[len(rows) // 2]


def run_full(found, options):
    people = [int(n) for n in options.people.split(",")]
    unit = programs.unit_costs(found, options.codec, people)
    unit["bare_cores"] = {n: measure_bare(found, options, n) for n in people}
    direct = measure_direct(found, options)
    rows = []
    print(table.about(found, options, unit, direct))
    print(table.head())
    for n in people:
        row = median_row([measure_row(found, options, n) for _ in range(options.runs)])
        measure.add_ratio(row, unit, options)
        measure.add_delays(row, direct)
        rows.append(row)
        print(table.line(row), flush=True)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({"unit": unit, "direct": direct, "rows": rows}, out, indent=1)
    return 0


def main():
    options = parse_arguments()
    found = programs.Programs(options.build)
    found.make_material()
    return run_short(found, options) if options.short else run_full(found, options)


if __name__ == "__main__":
    sys.exit(main())
