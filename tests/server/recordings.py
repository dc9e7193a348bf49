#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Recordings with the real programs: made, fetched, cut off by kills, joined, found again.
usage: recordings.py TESSERA TESSERA_ROOM"""
import base64
import concurrent.futures
import contextlib
import glob
import hashlib
import http.client
import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse

WAIT_S = 40  # every wait ends after this, and fails the test
TESSERA, ROOM = sys.argv[1:3]


def wait_for(what, condition):
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        found = condition()
        if found:
            return found
        select.select([], [], [], 0.05)
    raise AssertionError(f"not within {WAIT_S} s: {what}")


class Server:
    def __init__(self, directory, **settings):
        self.directory = directory
        self.settings = settings
        self.start()

    def environment(self):
        return dict(os.environ, STATE_DIRECTORY=self.directory, TESSERA_ROOM_PROGRAM=ROOM, TESSERA_HTTP_PORT="0",
                    TESSERA_RECORDINGS_RESERVE_BYTES="1000000", **self.settings)

    def start(self):
        self.process = subprocess.Popen([TESSERA], env=self.environment(), stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("tessera ready: "), line
        self.port = urllib.parse.urlsplit(line.split()[2]).port

    def request(self, method, path, body=None, headers=None, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = "Bearer " + token
        connection.request(method, path, json.dumps(body) if isinstance(body, dict) else body, headers)
        response = connection.getresponse()
        data = response.read()
        connection.close()
        return response, data

    def json(self, method, path, body=None, status=200, token=None):
        response, data = self.request(method, path, body, token=token)
        assert response.status == status, (method, path, response.status, data)
        return json.loads(data) if data else None

    def recording(self, id_, token=None):
        return self.json("GET", f"/v1/recordings/{id_}", token=token)

    def wait_state(self, id_, state):
        return wait_for(f"{id_} is {state}", lambda: (r := self.recording(id_))["state"] == state and r)

    def wait_longer(self, id_, ms):
        return wait_for(f"{id_} has {ms} ms", lambda: (r := self.recording(id_))["duration_ms"] >= ms and r)

    def record(self, room, **wish):
        return self.json("POST", f"/v1/rooms/{room}/recordings", wish, 201)["id"]

    def room_pid(self, room):
        for one in self.json("GET", "/v1/stats")["rooms"]:
            if one["name"] == room:
                return one.get("process", {}).get("pid")

    def command(self, *arguments):
        return subprocess.run([TESSERA, *arguments], env=self.environment(), capture_output=True, text=True)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(WAIT_S) == 0

    def kill(self):
        self.process.kill()
        self.process.wait(WAIT_S)


class Person:
    """A page's WebSocket, without media."""

    def __init__(self, server, room, **join):
        self.socket = socket.create_connection(("127.0.0.1", server.port), WAIT_S)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET /v1/rooms/{room}/signal HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                             "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: tessera.v1\r\n\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self.socket.recv(4096)
        self.buffer = self.buffer.split(b"\r\n\r\n", 1)[1]
        self.say(type="join", name="P", **join)
        self.welcome = self.hear("welcome")
        self.id = self.welcome["participant"]

    def say(self, **message):
        payload = json.dumps(message).encode()
        mask = os.urandom(4)
        size = struct.pack("!B", 0x80 | len(payload)) if len(payload) < 126 else struct.pack("!BH", 0xFE, len(payload))
        self.socket.sendall(b"\x81" + size + mask + bytes(c ^ mask[i % 4] for i, c in enumerate(payload)))

    def take(self, n):
        while len(self.buffer) < n:
            more = self.socket.recv(65536)
            assert more, "the WebSocket has ended"
            self.buffer += more
        taken, self.buffer = self.buffer[:n], self.buffer[n:]
        return taken

    def frame(self):
        first, size = self.take(2)
        if size == 126:
            size = struct.unpack("!H", self.take(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", self.take(8))[0]
        return first & 15, self.take(size)

    def hear(self, type_, **members):
        """The next message of that kind with those members."""
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until:
            kind, payload = self.frame()
            message = json.loads(payload) if kind == 1 else {}
            if message.get("type") == type_ and all(message.get(k) == v for k, v in members.items()):
                return message
        raise AssertionError(f"no {type_} {members}")

    def leave(self):
        self.say(type="leave")
        self.hear("bye")
        self.socket.close()


def probe(path):
    out = subprocess.run(["ffprobe", "-v", "error", "-show_streams", "-show_format", "-show_chapters", "-of", "json",
                          path], capture_output=True, text=True, check=True)
    assert out.stderr == "", out.stderr
    found = json.loads(out.stdout)
    found["codecs"] = sorted(s["codec_name"] for s in found["streams"])
    return found


def decodes(path):
    out = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-fps_mode", "passthrough",
                          "-enc_time_base", "-1", "-f", "null", "-"],
                         capture_output=True, text=True)
    assert out.returncode == 0 and out.stderr == "", out.stderr


@contextlib.contextmanager
def server(**settings):
    directory = tempfile.mkdtemp(prefix="tessera-recordings-")
    os.chmod(directory, 0o755)
    one = Server(directory, **settings)
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.kill()
        shutil.rmtree(directory)


def folder_of(one, id_):
    return glob.glob(f"{one.directory}/recordings/*/*/{id_}")[0]


def save(one, data, name):
    path = os.path.join(one.directory, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def test_start_stop_download():
    with server() as one:
        one.json("POST", "/v1/rooms/none/recordings", {}, 404)
        person = Person(one, "r")
        assert person.welcome["room"]["recording"] is False
        for bad in ({"format": "avi"}, {"layout": 5}, {"canvas": {"width": 7}}, {"format": "ogg", "audio_only": False}):
            one.json("POST", "/v1/rooms/r/recordings", bad, 400)
        one.json("POST", "/v1/rooms/r/recordings", {"layout": "nothing"}, 404)
        id_ = one.record("r")
        person.hear("recording", id=id_, recording=True, state="recording")
        assert one.json("GET", "/v1/rooms/r")["recording"] is True
        one.wait_longer(id_, 2500)

        # While it runs: what is there plays, and what comes later is fetched from where we were.
        response, early = one.request("GET", f"/v1/recordings/{id_}/media")
        assert response.status == 200 and probe(save(one, early, "early.mp4"))["codecs"] == ["aac", "h264"]
        etag = response.getheader("ETag")
        one.wait_longer(id_, 4000)
        response, rest = one.request("GET", f"/v1/recordings/{id_}/media",
                                     headers={"Range": f"bytes={len(early)}-", "If-Range": etag})
        assert response.status == 206 and len(rest) > 0
        decodes(save(one, early + rest, "both.mp4"))

        asked = time.monotonic()
        stopped = one.json("POST", f"/v1/recordings/{id_}/stop")
        assert stopped["state"] in ("finishing", "finished"), stopped
        response, data = one.request("GET", f"/v1/recordings/{id_}/media")
        print(f"  stopped and fetched {1000 * (time.monotonic() - asked):.0f} ms after it was asked")
        decodes(save(one, data, "stopped.mp4"))
        done = one.wait_state(id_, "finished")
        person.hear("recording", id=id_, recording=False, state="finished")
        assert one.json("GET", "/v1/rooms/r")["recording"] is False

        response, data = one.request("GET", f"/v1/recordings/{id_}/media")
        etag = response.getheader("ETag")
        assert response.getheader("Content-Type") == "video/mp4"
        assert hashlib.sha256(data).hexdigest() == done["sha256"] and len(data) == done["bytes"]
        found = probe(save(one, data, "done.mp4"))
        assert abs(float(found["format"]["duration"]) * 1000 - done["duration_ms"]) < 100, (found, done)
        assert [c["tags"]["title"] for c in found["chapters"]] == ["Start"], found
        decodes(os.path.join(one.directory, "done.mp4"))

        size = len(data)
        for header, status, piece in (("bytes=0-0", 206, data[:1]), ("bytes=-5", 206, data[-5:]),
                                      (f"bytes={size - 3}-{size + 10}", 206, data[-3:]),
                                      (f"bytes={size}-", 416, b""), ("bytes=0-1,5-6", 200, data),
                                      ("bytes=9-5", 200, data), ("lines=1-2", 200, data)):
            response, part = one.request("GET", f"/v1/recordings/{id_}/media", headers={"Range": header})
            assert (response.status, part) == (status, piece), (header, response.status, len(part))
        response, part = one.request("GET", f"/v1/recordings/{id_}/media",
                                     headers={"Range": "bytes=0-9", "If-Range": '"another"'})
        assert response.status == 200 and part == data
        response, part = one.request("HEAD", f"/v1/recordings/{id_}/media")
        assert response.getheader("Content-Length") == str(size) and part == b"" and etag
        response, text = one.request("GET", f"/v1/recordings/{id_}/chapters.vtt")
        assert text.startswith(b"WEBVTT\n\n00:00:00.000 --> ") and text.endswith(b"\nStart\n"), text

        with open(f"{folder_of(one, id_)}/{id_}.json") as file:
            sidecar = json.load(file)
        assert [p["id"] for p in sidecar["participants"]] == [person.id] and sidecar["state"] == "finished"
        text = one.request("GET", "/metrics")[1].decode()
        assert 'tessera_recordings{state="recording"} 0' in text and "tessera_recordings_disk_full 0" in text
        listed = one.json("GET", "/v1/recordings?room=r&limit=1")
        assert [r["id"] for r in listed["recordings"]] == [id_] and listed["next"] is None
        assert one.json("GET", "/v1/recordings?room=other")["recordings"] == []
        one.json("POST", f"/v1/recordings/{id_}/pause", {}, 410)
        one.json("DELETE", f"/v1/recordings/{id_}", status=204)
        one.json("GET", f"/v1/recordings/{id_}", status=404)
        assert glob.glob(f"{one.directory}/recordings/*") == []
        one.stop()


def test_moderator_pause_and_left_out():
    with server() as one:
        moderator, other = Person(one, "r"), Person(one, "r")
        other.say(type="room", recording=True)
        assert other.hear("error")["code"] == "forbidden"
        moderator.say(type="room", recording=True)
        id_ = other.hear("recording", recording=True, state="recording")["id"]
        one.wait_longer(id_, 1000)
        assert one.json("POST", f"/v1/recordings/{id_}/pause")["state"] == "paused"
        other.hear("recording", id=id_, recording=False, state="paused")
        assert one.json("POST", f"/v1/recordings/{id_}/resume")["state"] in ("recording", "paused")
        one.wait_longer(id_, 2500)
        other.say(type="state", recorded=False)
        wait_for("they are left out", lambda: not participant(one, "r", other.id)["recorded"])
        assert participant(one, "r", moderator.id)["recorded"]
        # From here on there is a picture without them: another part.
        wait_for("two parts", lambda: len(one.recording(id_)["parts"]) == 2)
        one.wait_longer(id_, 4000)
        moderator.say(type="moderate", participant=moderator.id, recorded=False)
        one.json("PATCH", f"/v1/rooms/r/participants/{other.id}", {"recorded": True})
        assert not participant(one, "r", other.id)["recorded"]  # it was their own wish
        moderator.say(type="room", recording=False)
        other.hear("recording", id=id_, recording=False, state="finished")
        done = one.recording(id_)
        assert len(done["parts"]) == 2 and done["parts"][1]["offset_ms"] > done["parts"][0]["duration_ms"], done
        with open(f"{folder_of(one, id_)}/{id_}.json") as file:
            sidecar = json.load(file)
        assert sidecar["pauses"][0]["to_ms"] >= sidecar["pauses"][0]["from_ms"]
        changes = {p["id"]: p.get("changes") for p in sidecar["participants"]}
        assert changes[other.id][0]["recorded"] is False and changes[moderator.id], changes
        # Nobody there: it pauses, and goes on.
        id_ = one.record("r")
        one.wait_longer(id_, 500)
        other.leave()
        moderator.leave()
        one.wait_state(id_, "paused")
        third = Person(one, "r")
        one.wait_state(id_, "recording")
        one.json("DELETE", "/v1/rooms/r", status=204)
        third.hear("bye")
        one.wait_state(id_, "finished")
        one.stop()


def participant(one, room, id_):
    return next(p for p in one.json("GET", f"/v1/rooms/{room}/participants")["participants"] if p["id"] == id_)


def test_room_killed():
    with server() as one:
        person = Person(one, "r")
        id_ = one.record("r")
        one.wait_longer(id_, 2000)
        pid = one.room_pid("r")
        os.kill(pid, signal.SIGKILL)
        person.hear("recording", id=id_, state="starting")
        wait_for("a second part", lambda: len(one.recording(id_)["parts"]) == 2)
        one.wait_longer(id_, 4500)
        one.json("POST", f"/v1/recordings/{id_}/stop")
        done = one.wait_state(id_, "finished")
        parts = done["parts"]
        assert [p["file"] for p in parts] == ["1.mp4", "2.mp4"] and parts[1]["offset_ms"] >= parts[0]["duration_ms"]
        for n in (1, 2):
            response, data = one.request("GET", f"/v1/recordings/{id_}/media?part={n}")
            assert response.getheader("Tessera-Parts") == "2"
            decodes(save(one, data, f"{n}.mp4"))
        response, _ = one.request("GET", f"/v1/recordings/{id_}/media?part=3")
        assert response.status == 404
        joined = one.command("recordings", "join", id_)
        assert joined.returncode == 0, joined
        response, data = one.request("GET", f"/v1/recordings/{id_}/media")
        found = probe(save(one, data, "joined.mp4"))
        assert abs(float(found["format"]["duration"]) * 1000 - done["duration_ms"]) < 200, (found["format"], done)
        decodes(os.path.join(one.directory, "joined.mp4"))
        one.stop()
        checked = one.command("recordings", "check")
        assert checked.returncode == 0, checked


def test_four_at_once_and_nothing_outside():
    with server() as one:
        Person(one, "r")
        wishes = ({"format": "mp4"}, {"format": "webm", "canvas": {"width": 640, "height": 360, "fps": 15}},
                  {"format": "mkv", "layout": "speaker"}, {"format": "ogg"})
        ids = [one.record("r", **wish) for wish in wishes]
        for id_ in ids:
            one.wait_longer(id_, 2000)
        # Another layout in the running file; and in one that showed the room's own picture.
        assert one.json("PATCH", f"/v1/recordings/{ids[2]}", {"layout": "grid"})["layout"] == "grid"
        assert one.json("PATCH", f"/v1/recordings/{ids[2]}", {"layout": "speaker"})["own_layout"]
        one.json("PATCH", f"/v1/recordings/{ids[2]}", {"layout": "nothing"}, 404)
        one.json("PATCH", f"/v1/recordings/{ids[2]}", {"canvas": {}}, 400)
        for id_ in ids:
            one.json("POST", f"/v1/recordings/{id_}/stop")
        codecs = []
        for id_ in ids:
            done = one.wait_state(id_, "finished")
            path = save(one, one.request("GET", f"/v1/recordings/{id_}/media")[1], done["parts"][0]["file"])
            decodes(path)
            found = probe(path)
            codecs.append(found["codecs"])
            sizes = [(s["width"], s["height"]) for s in found["streams"] if "width" in s]
            canvas = done.get("canvas")  # sound alone has none
            assert sizes == ([(canvas["width"], canvas["height"])] if canvas else []), (sizes, done)
        assert codecs == [["aac", "h264"], ["opus", "vp8"], ["h264", "opus"], ["opus"]], codecs
        assert one.recording(ids[1])["canvas"] == {"width": 640, "height": 360, "fps": 15}
        assert one.recording(ids[2])["layout"] == "speaker"

        save(one, b"secret", "secret.mp4")
        for path in ("..%2f..%2fsecret", "..", "%2e%2e", f"{ids[0]}%2f..", f"{ids[0]}/../{ids[1]}/../../secret", "a%00b"):
            for tail in ("", "/media", "/media?part=1", "/chapters.vtt", "/media?part=..%2f..%2f..%2f..%2fsecret.mp4"):
                response, data = one.request("GET", f"/v1/recordings/{path}{tail}")
                assert response.status in (400, 404) and b"secret" not in data.split(b'"detail"')[0], (path, tail)
        # What a room process that was taken over might leave in its folder.
        folder = folder_of(one, ids[0])
        os.unlink(f"{folder}/1.mp4")
        os.symlink(f"{one.directory}/secret.mp4", f"{folder}/1.mp4")
        response, data = one.request("GET", f"/v1/recordings/{ids[0]}/media")
        assert response.status == 404, data
        os.unlink(f"{folder}/1.mp4")
        os.mkfifo(f"{folder}/1.mp4")
        assert one.request("GET", f"/v1/recordings/{ids[0]}/media")[0].status == 404
        one.stop()


def test_server_killed():
    with server() as one:
        person = Person(one, "r")
        id_, other = one.record("r"), one.record("r", audio_only=True)
        one.wait_longer(id_, 2000)
        one.wait_longer(other, 2000)
        one.kill()
        checked = one.command("recordings", "check")
        assert checked.returncode == 1 and "not finished" in checked.stdout, checked
        one.start()
        again = Person(one, "r", resume=person.welcome["resume"])
        one.wait_state(id_, "recording")
        one.wait_longer(id_, 3500)
        one.stop()  # finishes them
        one.start()
        for id_ in (id_, other):
            done = one.wait_state(id_, "finished")
            assert [p["file"][0] for p in done["parts"]] == ["1", "2"], done
            for n in (1, 2):
                decodes(save(one, one.request("GET", f"/v1/recordings/{id_}/media?part={n}")[1], f"{n}.mp4"))
        # The index is made anew from what is there.
        one.stop()
        before = sorted(os.listdir(one.directory))
        for name in glob.glob(f"{one.directory}/recordings.sqlite*"):
            os.unlink(name)
        one.start()
        assert one.recording(id_) == dict(done, **{k: one.recording(id_)[k] for k in ("media_url", "chapters_url")})
        one.stop()
        with open(f"{one.directory}/recordings.sqlite", "wb") as file:
            file.write(b"no index at all" * 1000)
        assert one.command("recordings", "check").returncode == 0
        assert len(before) > 0 and again.id == person.id


def test_tokens():
    keys = {"TESSERA_KEYS": "key: a secret that is long enough to be one"}
    with server(**keys) as one:
        def token(room, *options):
            made = one.command("token", "--room", room, *options)
            assert made.returncode == 0, made
            return made.stdout.strip()

        Person(one, "r", token=token("r", "--admin"))
        recorder, stranger, admin = token("r", "--record"), token("other", "--record"), token("r", "--admin")
        for bad in (None, stranger, admin):
            one.json("POST", "/v1/rooms/r/recordings", {}, 401 if bad is None else 403, token=bad)
        made = one.json("POST", "/v1/rooms/r/recordings", {}, 201, token=recorder)
        id_ = made["id"]
        wait_for("something", lambda: one.recording(id_, recorder)["duration_ms"] > 1000)
        for method, tail in (("GET", ""), ("DELETE", ""), ("POST", "/stop"), ("GET", "/media"), ("GET", "/chapters.vtt"),
                             ("POST", "/link")):
            assert one.request(method, f"/v1/recordings/{id_}{tail}")[0].status == 401, tail
            assert one.request(method, f"/v1/recordings/{id_}{tail}", token=stranger)[0].status == 403, tail
        assert one.json("GET", "/v1/recordings", token=stranger)["recordings"] == []
        link = one.json("POST", f"/v1/recordings/{id_}/link", {}, 201, token=recorder)["media_url"]
        assert one.request("GET", link)[0].status == 200
        assert one.request("GET", link.replace("/media", "/chapters.vtt"))[0].status == 200
        for bad in (link[:-1] + ("0" if link[-1] != "0" else "1"), link.replace("expires=", "expires=9"),
                    link.replace("/media", "/stop"), link.replace(id_, "rec_other")):
            assert one.request("GET", bad)[0].status in (401, 404, 405), bad
        assert one.json("POST", f"/v1/recordings/{id_}/stop", {}, token=recorder)["state"] != "recording"
        one.stop()


def test_room_records_itself():
    with server() as one:
        one.json("POST", "/v1/rooms", {"name": "r", "record": True}, 201)
        assert one.json("GET", "/v1/rooms/r/recordings")["recordings"] == []
        person = Person(one, "r")
        id_ = person.hear("recording", recording=True)["id"]
        one.wait_longer(id_, 1500)
        person.leave()
        done = one.wait_state(id_, "finished")
        assert done["automatic"] and len(done["parts"]) == 1
        one.stop()


def run(name):
    process = subprocess.run([sys.executable, __file__, TESSERA, ROOM, name], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
    print(f"{name}: {'ok' if process.returncode == 0 else 'FAILED'}\n{process.stdout}", flush=True)
    return process.returncode


def main():
    if len(sys.argv) > 3:
        globals()[sys.argv[3]]()
        return 0
    names = [name for name in globals() if name.startswith("test_")]
    # They wait for time to pass, most of the time.
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        return max(pool.map(run, names))


if __name__ == "__main__":
    sys.exit(main())
