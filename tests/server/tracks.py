#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A meeting of people who really send is recorded with everybody's own streams, and nobody who
receives misses a frame when that begins and ends.
usage: tracks.py TESSERA TESSERA_ROOM TESSERA_LOAD MATERIAL_DIRECTORY"""
import glob
import http.client
import json
import os
import select
import subprocess
import sys
import tempfile
import time
import urllib.parse

WAIT_S = 40  # every wait ends after this, and fails the test
TESSERA, ROOM, LOAD, MATERIAL = sys.argv[1:5]
SECONDS = 4.0


def wait_for(what, condition):
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        found = condition()
        if found:
            return found
        select.select([], [], [], 0.05)
    raise AssertionError(f"not within {WAIT_S} s: {what}")


def ask(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_S)
    connection.request(method, path, json.dumps(body) if body is not None else None)
    response = connection.getresponse()
    data = response.read()
    connection.close()
    assert response.status < 300, (method, path, response.status, data)
    return json.loads(data) if data else None


def packets(path, kind):
    """Returns the times of all packets of that kind, in s, and the codec."""
    out = subprocess.run(["ffprobe", "-v", "error", "-select_streams", kind, "-show_entries",
                          "stream=codec_name:packet=pts_time", "-of", "json", path],
                         check=True, capture_output=True, text=True)
    assert not out.stderr, out.stderr
    found = json.loads(out.stdout)
    return [float(p["pts_time"]) for p in found["packets"]], found["streams"][0]["codec_name"]


def assert_decodes(path):
    # vfr: frames as they were received may be nearer to each other than the rate that ffmpeg guesses.
    out = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-vsync", "vfr", "-f", "null", "-"], check=True,
                         capture_output=True, text=True)
    assert not out.stderr, out.stderr


def check_track(path, duration_s):
    pictures, video = packets(path, "v")
    sounds, audio = packets(path, "a")
    print(f"{os.path.basename(path)}: {len(pictures)} {video} from {pictures[0]:.2f} to {pictures[-1]:.2f} s, "
          f"{len(sounds)} {audio} to {sounds[-1]:.2f} s, of {duration_s:.1f} s")
    assert (video, audio) == ("h264", "opus"), (video, audio)
    # It may begin with the next keyframe. The senders send 30 frames and 50 packets a second; a
    # machine that is held up takes some away.
    assert max(pictures[-1], sounds[-1]) > duration_s - 1.5, path
    assert len(pictures) > (pictures[-1] - pictures[0]) * 30 * 0.7, path
    assert len(sounds) > (sounds[-1] - sounds[0]) * 50 * 0.7, path
    assert pictures == sorted(pictures) and sounds == sorted(sounds), path
    assert_decodes(path)


def main():
    with tempfile.TemporaryDirectory() as work:
        environment = dict(os.environ, STATE_DIRECTORY=work, TESSERA_ROOM_PROGRAM=ROOM, TESSERA_HTTP_PORT="0",
                           TESSERA_RECORDINGS_RESERVE_BYTES="1000000", TESSERA_ROOMS_CANVAS_WIDTH="640",
                           TESSERA_ROOMS_CANVAS_HEIGHT="360")
        server = subprocess.Popen([TESSERA], env=environment, stdout=subprocess.PIPE, text=True)
        try:
            run(work, server)
        finally:
            server.terminate()
            server.wait()


def run(work, server):
    port = urllib.parse.urlsplit(server.stdout.readline().split()[2]).port
    load = subprocess.Popen([LOAD, "--server", f"http://127.0.0.1:{port}", "--clients", "2", "--codec", "h264", "--seconds",
                             str(SECONDS + 6), "--warmup", "2", "--material", MATERIAL, "--check"],
                            stdout=subprocess.PIPE, text=True)
    people = wait_for("two people who are seen", lambda: seen_people(port))
    begun = time.monotonic()
    recording = ask(port, "POST", "/v1/rooms/load/recordings", {"format": "mp4", "tracks": True})["id"]
    state = lambda: ask(port, "GET", f"/v1/recordings/{recording}")
    wait_for("it lasts long enough", lambda: state()["duration_ms"] >= SECONDS * 1000)
    # The live picture's encode is the recording's too.
    encoders = wait_for("the encoders are counted", lambda: [
        line for line in metrics(port) if line.startswith("tessera_encoders{") and not line.endswith(" 0")])
    assert encoders == ['tessera_encoders{codec="h264"} 1'], encoders
    stopped = time.monotonic()
    ask(port, "POST", f"/v1/recordings/{recording}/stop")
    wait_for("it is playable", lambda: state()["state"] in ("finishing", "finished"))
    print(f"started and recorded in {stopped - begun:.1f} s, stopped in {time.monotonic() - stopped:.2f} s")
    finished = wait_for("it is finished", lambda: (s := state())["state"] == "finished" and s)
    folder = os.path.dirname(glob.glob(f"{work}/**/{finished['parts'][0]['file']}", recursive=True)[0])
    tracks = sorted(glob.glob(f"{folder}/*-*.mkv"))
    assert len(tracks) == len(people), tracks
    for person in people:
        check_track(os.path.join(folder, f"1-{person['id']}.mkv"), finished["duration_ms"] / 1000)
    assert_decodes(os.path.join(folder, finished["parts"][0]["file"]))
    out = load.communicate(timeout=WAIT_S)[0]
    assert load.returncode == 0, out


def metrics(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_S)
    connection.request("GET", "/metrics")
    return connection.getresponse().read().decode().splitlines()


def seen_people(port):
    """Returns both when both are live, else nothing."""
    if not ask(port, "GET", "/v1/rooms")["rooms"]:
        return None
    people = ask(port, "GET", "/v1/rooms/load/participants")["participants"]
    return people if [p["state"] for p in people] == ["live", "live"] else None


main()
