#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a recording costs a room, and what those who receive notice of it: a meeting of the load client, some
seconds with and some without, in turns, so that what else the machine does falls on both.

usage: recording.py TESSERA TESSERA_ROOM TESSERA_LOAD MATERIAL_DIRECTORY [--clients 4] [--turns 4] [--seconds 8]
       [--wish '{"format": "mp4"}']"""

import argparse
import http.client
import json
import os
import select
import statistics
import subprocess
import tempfile
import time
import urllib.parse

import measure


def ask(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, json.dumps(body) if body is not None else None)
    response = connection.getresponse()
    data = response.read()
    connection.close()
    if response.status >= 300:
        raise SystemExit(f"{method} {path}: {response.status} {data.decode()}")
    return json.loads(data) if data else None


def room_of(server):
    """The room process that works most: beside it there is a spare."""
    pids = [int(p) for p in measure.read(f"/proc/{server.pid}/task/{server.pid}/children").split()]
    rooms = [p for p in pids if "tessera-room" in measure.read(f"/proc/{p}/comm")]
    return max(rooms, key=lambda p: sum(measure.process_ticks(p) or (0, 0)))


def threads(pid):
    """What each thread used, in ticks."""
    used = {}
    for tid in os.listdir(f"/proc/{pid}/task"):
        text = measure.read(f"/proc/{pid}/task/{tid}/stat")
        if text:
            fields = text[text.rindex(")") + 2:].split()
            used[tid] = int(fields[11]) + int(fields[12])
    return used


def cores(pid, seconds):
    """Of one process, over @seconds."""
    before, begun = sum(measure.process_ticks(pid)), time.monotonic()
    select.select([], [], [], seconds)
    return (sum(measure.process_ticks(pid)) - before) / measure.TICKS / (time.monotonic() - begun)


def wait_over(port, recording):
    while ask(port, "GET", f"/v1/recordings/{recording}")["state"] not in ("finished", "failed"):
        select.select([], [], [], 0.1)


def measure_turns(port, server, options):
    pid = room_of(server)
    without, with_it, own = [], [], []
    for _ in range(options.turns):
        without.append(cores(pid, options.seconds))
        others = threads(pid)
        recording = ask(port, "POST", "/v1/rooms/load/recordings", json.loads(options.wish))["id"]
        select.select([], [], [], 1)  # it begins
        before, begun = threads(pid), time.monotonic()
        with_it.append(cores(pid, options.seconds))
        used = sum(n - before.get(tid, 0) for tid, n in threads(pid).items() if tid not in others)
        own.append(100 * used / measure.TICKS / (time.monotonic() - begun))
        ask(port, "POST", f"/v1/recordings/{recording}/stop")
        wait_over(port, recording)
    return without, with_it, own


def report(without, with_it, own, load):
    more = [100 * (b - a) for a, b in zip(without, with_it)]
    print(f"room without: {statistics.median(without):.3f} cores, with: {statistics.median(with_it):.3f}, "
          f"more: {statistics.median(more):+.1f} % of a core (each turn: {', '.join(f'{m:+.1f}' for m in more)})")
    print(f"of that its own threads: {statistics.median(own):.1f} % of a core")
    print(f"receivers: {load['fps_least']:.2f} frames/s at least, longest gap {load['longest_gap_ms']:.0f} ms, "
          f"{load['undecodable']} undecodable, {load['skipped']} skipped, {load['audio_lost']} sound packets lost, "
          f"video delay p95 {load['video_delay_ms']['p95']:.1f} ms, failures: {load['failures'] or 'none'}")


def run(server, options):
    port = urllib.parse.urlsplit(server.stdout.readline().split()[2]).port
    total = options.turns * (2 * options.seconds + 4) + 2
    load = subprocess.Popen([options.load, "--server", f"http://127.0.0.1:{port}", "--clients", str(options.clients),
                             "--codec", "h264", "--warmup", "4", "--seconds", str(total), "--material", options.material],
                            stdout=subprocess.PIPE, text=True)
    for line in load.stdout:
        event = json.loads(line)
        if event["event"] == "measuring":
            figures = measure_turns(port, server, options)
        if event["event"] == "measured":
            report(*figures, event)
    load.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("tessera", "room", "load", "material"):
        parser.add_argument(name)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--turns", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--wish", default='{"format": "mp4"}')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        environment = dict(os.environ, STATE_DIRECTORY=work, TESSERA_HTTP_PORT="0",
                           TESSERA_ROOM_PROGRAM=os.path.abspath(options.room))
        server = subprocess.Popen([options.tessera], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  text=True)
        try:
            run(server, options)
        finally:
            server.terminate()
            server.wait()


main()
