#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A long recording of a meeting that people join and leave all the time, read back: is it whole, and do its picture
and its sound stay together? Figures in a table and as JSON; exit status 1 when a bar is broken.

usage: recording-soak.py --build BUILD [--minutes 60] [--kill] [--short] [--json FILE]
--short: 20 s, and only what no busy machine can be blamed for is judged."""

import argparse
import http.client
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import urllib.parse

import avread
import measure
from programs import Programs, Server

WAIT_S = 60
ROOM = "load"
DRIFT_MS = 40
OFFSET_MS = 40
VIEWERS = 2


def keeps(before, after):
    return after["threads"] > before["threads"] + 2 or after["descriptors"] > before["descriptors"] + 4


class Soak:
    def __init__(self, found, server, options):
        self.found, self.server, self.options = found, server, options
        self.port = urllib.parse.urlsplit(server.url).port
        self.children, self.results, self.visits = [], [], 0
        self.is_over = threading.Event()

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        connection.request(method, path, json.dumps(body) if body is not None else None)
        response = connection.getresponse()
        data = response.read()
        connection.close()
        if response.status >= 300:
            raise SystemExit(f"{method} {path}: {response.status} {data.decode()}")
        return json.loads(data) if data else None

    def wait_for(self, what, condition, timeout_s=WAIT_S):
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            if result := condition():
                return result
            select.select([], [], [], 0.1)
        raise SystemExit(f"not within {timeout_s} s: {what}")

    def load(self, *arguments):
        child = subprocess.Popen([self.found.program("load"), "--server", self.server.url, "--room", ROOM, "--codec",
                                  "h264", "--no-probe", "--material", self.found.material, *arguments],
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.children.append(child)
        return child

    def begin_base(self, seconds):
        """Who is there all the time: one who sends in step, and those who only receive."""
        base = self.load("--in-step", "--clients", "1", "--viewers", str(VIEWERS), "--warmup", "1", "--seconds",
                         str(seconds))
        line = base.stdout.readline()
        if "measuring" not in line:
            raise SystemExit(f"nobody could join: {line}")
        return base

    def keep_visiting(self):
        """People come and go: one or two, with a camera or without."""
        while not self.is_over.is_set():
            self.visits += 1
            people = 1 + self.visits % 2
            extra = ["--cameras-off"] if self.visits % 3 == 0 else []
            child = self.load("--unmarked", "--clients", str(people), "--talkers", "1", "--warmup", "0.5", "--seconds",
                              str(2 + self.visits % 4), *extra)
            child.communicate()
            self.children.remove(child)

    def room_pid(self):
        return next((r.get("process", {}).get("pid") for r in self.ask("GET", "/v1/stats")["rooms"]
                     if r["name"] == ROOM), None)

    def room_state(self):
        pid = self.room_pid()
        return {"rss_mib": round(measure.status_of(pid, "VmRSS") / 1024, 1),
                "threads": measure.status_of(pid, "Threads"), "descriptors": len(os.listdir(f"/proc/{pid}/fd"))}

    def settled(self, before):
        """The room's state when those who left last are put away, or what it is after 10 s."""
        until = time.monotonic() + 10
        while keeps(before, state := self.room_state()) and time.monotonic() < until:
            select.select([], [], [], 0.2)
        return state

    def recording(self, id_):
        return self.ask("GET", f"/v1/recordings/{id_}")

    def wait_recorded(self, id_, ms):
        self.wait_for(f"{id_} has {ms} ms", lambda: self.recording(id_)["duration_ms"] >= ms, WAIT_S + 2 * ms / 1000)

    def pause(self, ids):
        for id_ in ids:
            self.ask("POST", f"/v1/recordings/{id_}/pause")
        paused = time.monotonic()
        select.select([], [], [], 2)
        for id_ in ids:
            self.ask("POST", f"/v1/recordings/{id_}/resume")
        return time.monotonic() - paused

    def kill(self, ids, base, seconds):
        """The room's process dies, and those who were there come again."""
        os.kill(self.room_pid(), signal.SIGKILL)
        base.kill()
        base.communicate()
        base = self.begin_base(seconds)
        for id_ in ids:
            self.wait_for(f"{id_} goes on", lambda id_=id_: len(self.recording(id_)["parts"]) == 2)
        return base

    def run(self):
        seconds = self.options.minutes * 60
        base = self.begin_base(seconds * 1.2 + 10)
        visitor = threading.Thread(target=self.keep_visiting, daemon=True)
        formats = ("mp4", "webm")
        ids = [self.ask("POST", f"/v1/rooms/{ROOM}/recordings", {"format": f})["id"] for f in formats]
        self.wait_recorded(ids[0], 1000)
        begun = time.monotonic() - self.recording(ids[0])["duration_ms"] / 1000
        before, pauses = self.room_state(), 0
        visitor.start()
        self.wait_recorded(ids[0], seconds * 400)
        pauses += self.pause(ids)
        if self.options.kill:
            base = self.kill(ids, base, seconds * 0.7 + 10)
            before = self.room_state()
        self.wait_recorded(ids[0], seconds * 1000)
        # As it was when it was looked at first: nobody is visiting.
        self.is_over.set()
        visitor.join(WAIT_S)
        after, wall = self.settled(before), time.monotonic() - begun - pauses
        for id_ in ids:
            self.ask("POST", f"/v1/recordings/{id_}/stop")
        files = [f for format_, id_ in zip(formats, ids) for f in self.fetch(format_, id_)]
        load = self.receivers(base)
        return {"wall_seconds": wall, "visits": self.visits, "room_before": before, "room_after": after,
                "files": files, "receivers": load, "machine_load": os.getloadavg()}

    def receivers(self, base):
        out = base.communicate(timeout=self.options.minutes * 60 + 2 * WAIT_S)[0]
        event = json.loads(out.splitlines()[-1])
        return {k: event[k] for k in ("fps_mean", "fps_least", "longest_gap_ms", "skipped", "audio_lost", "failures")}

    def fetch(self, format_, id_):
        done = self.wait_for(f"{id_} is finished", lambda: (r := self.recording(id_))["state"] in
                             ("finished", "failed") and r, WAIT_S * 5)
        for n, part in enumerate(done["parts"], 1):
            path = os.path.join(self.server.state, f"{id_}-{n}.{format_}")
            with open(path, "wb") as out:
                subprocess.run(["curl", "-sf", f"{self.server.url}/v1/recordings/{id_}/media?part={n}"], stdout=out,
                               check=True)
            window_s = 4 if self.options.short else 10
            yield {"format": format_, "part": n, "state": done["state"], "told_seconds": part["duration_ms"] / 1000,
                   "recording_seconds": done["duration_ms"] / 1000, **avread.look(path, window_s)}


def judge_file(file, wall, options):
    """What is wrong with it. A gap of two frames' times is a frame that is missing."""
    name = f"{file['format']} part {file['part']}"
    known = [o["ms"] for o in file["offsets"] if o["ms"] is not None]
    if file["state"] != "finished" or file["errors"]:
        yield f"{name}: {file['state']}, {file['errors'][:300]}"
    if len(known) < 3:
        yield f"{name}: picture and sound cannot be compared: {file['offsets']}"
    elif max(known) - min(known) > DRIFT_MS:
        yield f"{name}: picture and sound drift: {known} ms"
    if abs(file["seconds"] - file["told_seconds"]) > 0.3 or abs(file["sound_seconds"] - file["seconds"]) > 0.3:
        yield f"{name}: {file['seconds']:.2f} s of picture, {file['sound_seconds']:.2f} of sound, told {file['told_seconds']}"
    if options.short:
        return
    if known and max(map(abs, known)) > OFFSET_MS:
        yield f"{name}: picture and sound are apart: {known} ms"
    if file["gap_max_ms"] > 1500 / avread.FPS + 1 or abs(file["frames"] - file["seconds"] * avread.FPS) > 2:
        yield f"{name}: {file['frames']} frames in {file['seconds']:.2f} s, gaps to {file['gap_max_ms']:.1f} ms"
    if not options.kill and abs(file["recording_seconds"] - wall) > 1.5:
        yield f"{name}: {file['recording_seconds']:.2f} s of {wall:.2f}"


def judge(result, options):
    broken = [b for f in result["files"] for b in judge_file(f, result["wall_seconds"], options)]
    before, after, live = result["room_before"], result["room_after"], result["receivers"]
    if live["failures"]:
        broken.append(f"receivers: {live['failures']}")
    if options.short:
        return broken
    if live["fps_least"] < 29.5:
        broken.append(f"receivers: {live['fps_least']} frames/s")
    if not options.kill and keeps(before, after):
        broken.append(f"the room's process keeps: {before}, then {after}")
    return broken


def show(result):
    print(f"{result['wall_seconds']:.1f} s by the clock without pauses, {result['visits']} visits, machine's load "
          f"{result['machine_load'][0]:.1f}")
    print("file     part  picture s  sound s  frames  longest gap ms  picture after sound ms: begin, middle, end")
    for f in result["files"]:
        apart = ", ".join("?" if o["ms"] is None else f"{o['ms']:+.1f}" for o in f["offsets"])
        print(f"{f['format']:8} {f['part']:4} {f['seconds']:10.2f} {f['sound_seconds']:8.2f} {f['frames']:7} "
              f"{f['gap_max_ms']:15.1f}  {apart}")
    print(f"receivers: {result['receivers']}")
    print(f"room's process: {result['room_before']}, then {result['room_after']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--kill", action="store_true", help="the room's process, once")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--json", help="where to write it; else it is printed")
    options = parser.parse_args()
    if options.short:
        options.minutes = 20 / 60
    found = Programs(options.build)
    found.make_material()
    with Server(found) as server:
        soak = Soak(found, server, options)
        try:
            result = soak.run()
        finally:
            soak.is_over.set()
            for child in soak.children:
                child.kill()
    show(result)
    result["broken"] = judge(result, options)
    with open(options.json, "w", encoding="utf-8") if options.json else os.fdopen(os.dup(1), "w") as out:
        print(json.dumps(result), file=out)
    for one in result["broken"]:
        print(f"broken: {one}", file=sys.stderr)
    return 1 if result["broken"] else 0


sys.exit(main())
