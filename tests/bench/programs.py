# SPDX-License-Identifier: Apache-2.0
"""The programs of a bench: started on ports of the system's choice, ended for sure."""

import json
import os
import select
import shutil
import subprocess
import tempfile
import time

READY_TIMEOUT_S = 20
JOIN_TIMEOUT_S = 12


class Programs:
    """Where everything is."""

    def __init__(self, build):
        build = os.path.abspath(build)
        self.bench = os.path.join(build, "tests", "bench")
        self.server = os.path.join(build, "signaling", "tessera")
        self.room = os.path.join(build, "pipelines", "process", "tessera-room")
        self.material = os.path.join(self.bench, "material")
        for path in (self.server, self.room, self.program("load")):
            if not os.access(path, os.X_OK):
                raise SystemExit(f"{path} is not there: build first (ninja -C {build})")

    def program(self, name):
        return os.path.join(self.bench, "tessera-" + name)

    def make_material(self):
        subprocess.run([self.program("load-material"), self.material], check=True, timeout=120,
                       stderr=subprocess.DEVNULL)


def read_line(process, timeout_s):
    """One line of its standard output, or None: at its end, or when none comes in time."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if select.select([process.stdout], [], [], deadline - time.monotonic())[0]:
            return process.stdout.readline() or None
    return None


class Daemon:
    """A program that says `... ready: URL` and ends when told."""

    def __init__(self, command, environment=None, log=None):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1,
                                        stderr=log, env={**os.environ, **(environment or {})})
        line = read_line(self.process, READY_TIMEOUT_S)
        if line is None or "ready: " not in line:
            self.end()
            raise SystemExit(f"{command[0]} did not become ready: {line}")
        self.pid = self.process.pid
        self.url = line.split("ready: ")[1].strip().rstrip("/")

    def is_alive(self):
        return self.process.poll() is None

    def end(self):
        if self.is_alive():
            self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.end()


class Server(Daemon):
    """tessera with an empty state directory of its own."""

    def __init__(self, found):
        self.state = tempfile.mkdtemp(prefix="tessera-bench-")
        os.chmod(self.state, 0o755)
        config = os.path.join(self.state, "bench.conf")
        with open(config, "w", encoding="utf-8") as out:
            out.write("[http]\naddress=127.0.0.1\nport=0\n")
        self.log = open(os.path.join(self.state, "log"), "w", encoding="utf-8")
        super().__init__([found.server, "--config", config],
                         {"STATE_DIRECTORY": self.state, "TESSERA_ROOM_PROGRAM": found.room},
                         self.log)

    def end(self):
        super().end()
        self.log.close()
        shutil.rmtree(self.state, ignore_errors=True)

    def pids(self):
        """tessera itself, and its room processes with it."""
        path = f"/proc/{self.pid}/task/{self.pid}/children"
        with open(path, encoding="ascii") as children:
            return [self.pid] + [int(pid) for pid in children.read().split()]


class Bare(Daemon):
    def __init__(self, found, codec):
        super().__init__([found.program("bare"), codec, found.material])


class Load:
    """One run of tessera-load; status is its exit status afterwards."""

    def __init__(self, found, url, *, people, codec, seconds, warmup, viewers=0, talkers=2,
                 extra=()):
        self.command = [found.program("load"), "--clients", str(people), "--viewers", str(viewers),
                        "--talkers", str(talkers), "--codec", codec, "--seconds", str(seconds),
                        "--warmup", str(warmup), "--material", found.material, *extra]
        if url is not None:
            self.command += ["--server", url]
        self.timeout_s = (people + viewers) * JOIN_TIMEOUT_S + seconds + warmup + 10
        self.status = None

    def run(self, window=None):
        """Its result, or None. @window is opened and closed at the measured time's two ends."""
        process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True, bufsize=1)
        result = None
        if window is not None:
            window.helpers.add(process.pid)
        deadline = time.monotonic() + self.timeout_s
        try:
            while (line := read_line(process, deadline - time.monotonic())) is not None:
                event = json.loads(line)
                if window is not None and event["event"] == "measuring":
                    window.open()
                elif event["event"] == "measured":
                    if window is not None:
                        window.close()
                    result = event
            self.status = process.wait(10)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        return result


def unit_costs(found, codec, people):
    output = subprocess.run([found.program("unit-costs"), codec, found.material,
                             *[str(n) for n in people]],
                            check=True, timeout=300, capture_output=True, text=True).stdout
    return json.loads(output)
