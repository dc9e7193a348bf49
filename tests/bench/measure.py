# SPDX-License-Identifier: Apache-2.0
"""What /proc says over a measured time, and what follows from it."""

import os
import time

TICKS = os.sysconf("SC_CLK_TCK")
SATURATED_SHARE = 0.95
# Somebody else used so much of the machine: the row is not to be trusted.
DISTURBED_CORES = 0.15
FPS = 30
AUDIO_FPS = 50


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def process_ticks(pid):
    """(user, system), with all threads; None when it is gone."""
    text = read(f"/proc/{pid}/stat")
    if not text:
        return None
    fields = text[text.rindex(")") + 2:].split()
    return int(fields[11]), int(fields[12])


def machine_ticks():
    fields = [int(n) for n in read("/proc/stat").split("\n", 1)[0].split()[1:]]
    return sum(fields[:8]) - fields[3] - fields[4]


def all_ticks():
    """Of every process there is. Who comes and goes in between is not seen."""
    ticks = {int(pid): process_ticks(pid) for pid in os.listdir("/proc") if pid.isdigit()}
    return {pid: sum(both) for pid, both in ticks.items() if both is not None}


def status_of(pid, name):
    for line in read(f"/proc/{pid}/status").splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    return 0


def pss_kib(pid):
    for line in read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


class Window:
    """Two looks at the same processes. @pids: a list, or a function that gives one."""

    def __init__(self, pids):
        self.pids = pids
        self.helpers = set()
        self.before = self.after = self.memory = {}

    def look(self):
        pids = self.pids() if callable(self.pids) else self.pids
        return {"at": time.monotonic(), "machine": machine_ticks(), "everybody": all_ticks(),
                "processes": {pid: process_ticks(pid) for pid in pids}}

    def open(self):
        self.before = self.look()

    def close(self):
        """Memory and threads are looked at now, while everybody is still there."""
        self.after = self.look()
        self.memory = {pid: {"rss": status_of(pid, "VmRSS"), "pss": pss_kib(pid),
                             "threads": status_of(pid, "Threads")}
                       for pid in self.after["processes"]}

    def sum_of(self, what):
        return sum(process[what] for process in self.memory.values())

    def seconds(self):
        return self.after["at"] - self.before["at"]

    def machine_cores(self):
        """The greater of what the kernel's ticks saw and what processes used: in some virtual
        machines ticks miss most of what runs for less than a tick."""
        ticks = (self.after["machine"] - self.before["machine"]) / TICKS / self.seconds()
        return max(ticks, self.used_by(self.after["everybody"]))

    def other_cores(self):
        """What was used by processes that have nothing to do with the measurement."""
        return self.used_by(set(self.after["everybody"]) - set(self.after["processes"])
                            - self.helpers - {os.getpid()})

    def used_by(self, pids):
        before, after = self.before["everybody"], self.after["everybody"]
        return sum(after[pid] - before.get(pid, 0) for pid in pids) / TICKS / self.seconds()

    def cores(self, pid):
        after = self.after["processes"].get(pid)
        before = self.before["processes"].get(pid) or (0, 0)
        if after is None:
            return {"user": 0, "system": 0, "total": 0}
        user, system = ((after[i] - before[i]) / TICKS / self.seconds() for i in (0, 1))
        return {"user": user, "system": system, "total": user + system}


def row(people, result, window, server):
    """Everything of one run. Memory and threads are those of tessera, its room and its spare."""
    control = window.cores(server.pid)
    rooms = [pid for pid in window.after["processes"] if pid != server.pid]
    room = {key: sum(window.cores(pid)[key] for pid in rooms)
            for key in ("user", "system", "total")}
    busy = window.machine_cores()
    return {"people": people, "result": result, "control": control, "room": room,
            "server": control["total"] + room["total"], "machine": busy,
            "is_saturated": busy > SATURATED_SHARE * os.cpu_count(),
            "is_disturbed": window.other_cores() > DISTURBED_CORES,
            "rss_mib": window.sum_of("rss") / 1024, "pss_mib": window.sum_of("pss") / 1024,
            "threads": window.sum_of("threads")}


def add_ratio(row, unit, options):
    """The sum of unit costs in cores, and how many times of it the server used."""
    n = row["people"]
    mix = unit["mix"][str(n)]
    talkers = n if options.talkers < 0 else min(n, options.talkers)
    encoders = talkers + (1 if n > talkers or options.viewers > 0 else 0)
    microseconds = (n * FPS * unit["decode_us"]
                    + FPS * (mix["scale_us"] + mix["compose_us"] + mix["encode_us"])
                    + n * AUDIO_FPS * unit["opus_decode_us"]
                    + encoders * AUDIO_FPS * unit["opus_encode_us"])
    row["unit_sum"] = microseconds / 1e6 + unit["bare_cores"][n] * (n + options.viewers) / n
    row["ratio"] = row["server"] / row["unit_sum"]


def add_delays(row, direct):
    """Added delay: through the server, minus the median of the direct path."""
    for kind in ("video", "audio"):
        through = row["result"].get(kind + "_delay_ms")
        base = direct.get(kind + "_delay_ms") if direct else None
        row[kind] = ({p: through[p] - base["p50"] for p in ("p50", "p95", "max")}
                     if through and base else None)
