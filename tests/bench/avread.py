# SPDX-License-Identifier: Apache-2.0
"""A file of a meeting of the load client's, read back by ffmpeg: its frames' times, and how far its picture and its
sound are apart (the time code of whoever is there all the time against the ticks of their sound)."""

import array
import json
import math
import re
import statistics
import subprocess

WIDTH, HEIGHT = 640, 360  # pictures are looked at in this size
FPS = 30
LOOP_S = 450 / FPS  # the material's picture: tests/bench/make-material.c
RATE_HZ = 48000
TICK_FIRST_S, TICK_EVERY_S, N_PITCHES = 0.105, 0.25, 8  # tests/bench/tick.h
LOWEST_HZ, PITCH_STEP_HZ = 4000, 500
CLUSTER_S = 0.05
# Of the tiles of the layout "grid" with one to four people: whoever is looked for is in one of them.
TILES = [(0, 0, WIDTH, HEIGHT)] + [(x, y, WIDTH // 2, HEIGHT // 2) for x, y in
                                   ((0, 90), (320, 90), (0, 0), (320, 0), (0, 180), (320, 180), (160, 180))]


def ffmpeg(*arguments):
    return subprocess.run(["ffmpeg", "-hide_banner", "-nostdin", *arguments], capture_output=True, check=False)


def errors(path):
    """What a decoder of the whole file complains of."""
    out = ffmpeg("-v", "error", "-i", path, "-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "null", "-")
    return out.stderr.decode().strip() or (f"ffmpeg: {out.returncode}" if out.returncode else "")


def packet_times(path, kind):
    out = subprocess.run(["ffprobe", "-v", "error", "-select_streams", kind, "-show_entries", "packet=pts_time", "-of",
                          "json", path], check=True, capture_output=True)
    return sorted(float(p["pts_time"]) for p in json.loads(out.stdout)["packets"] if "pts_time" in p)


def times_in(log):
    return [float(t) for t in re.findall(r"pts_time:\s*([-0-9.]+)", log.decode(errors="replace"))]


def checksum(code):
    return ((code ^ (code >> 4) ^ (code >> 8)) & 0xF) ^ 0x5


def read_code(luma, base, tile):
    """As mcu_timecode_read(), of a few points of each block."""
    left, top, width, height = tile
    rows = [base + (top + height * r // 48) * WIDTH + left for r in (22, 24, 26)]
    means = [sum(luma[row + width * (4 * i + k) // 64] for row in rows for k in (1, 2, 3)) / 9 for i in range(16)]
    if means[0] - means[1] < 60:
        return -1
    middle = (means[0] + means[1]) / 2
    bits = 0
    for mean in means[2:]:
        bits = bits << 1 | (mean > middle)
    return bits >> 4 if checksum(bits >> 4) == bits & 0xF else -1


def video_origins(path, start_s, seconds):
    """For each frame and code that is seen for the first time: when the material's picture began, modulo its loop."""
    out = ffmpeg("-copyts", "-ss", str(max(0, start_s - 3)), "-i", path, "-an", "-fps_mode", "passthrough", "-vf",
                 f"trim=start={start_s}:end={start_s + seconds},scale={WIDTH}:{HEIGHT}:flags=area,format=gray,showinfo",
                 "-f", "rawvideo", "-")
    size, seen, origins = WIDTH * HEIGHT, {}, []
    for n, time_s in enumerate(times_in(out.stderr)[:len(out.stdout) // size]):
        for tile in TILES:
            code = read_code(out.stdout, n * size, tile)
            if 0 <= code < LOOP_S * FPS and seen.get(tile) != code:
                seen[tile] = code
                origins.append((time_s - code / FPS) % LOOP_S)
    return origins


def amplitude(samples, begin, hertz):
    turn = 2 * math.pi * hertz / RATE_HZ
    piece = samples[begin:begin + 480]
    return math.hypot(sum(s * math.cos(turn * i) for i, s in enumerate(piece)),
                      sum(s * math.sin(turn * i) for i, s in enumerate(piece)))


def tick_origins(path, start_s, seconds):
    """For each tick: when the sound's material began, modulo the pitches' turn."""
    out = ffmpeg("-copyts", "-ss", str(max(0, start_s - 3)), "-i", path, "-vn", "-af",
                 f"atrim=start={start_s}:end={start_s + seconds},highpass=f=3700:poles=2,aresample={RATE_HZ},"
                 "aformat=sample_fmts=s16:channel_layouts=mono,ashowinfo", "-f", "s16le", "-")
    samples = array.array("h", out.stdout)
    begun = times_in(out.stderr)
    hop = RATE_HZ // 1000
    peaks = [max(map(abs, samples[i:i + hop])) for i in range(0, len(samples) - hop, hop)]
    if not begun or not peaks:
        return []
    threshold, origins, at = sorted(peaks)[int(len(peaks) * 0.97)] / 2, [], 0
    while at < len(peaks) - 20:
        if peaks[at] < max(threshold, 300):
            at += 1
            continue
        top = max(peaks[at:at + 15])
        first = next(i for i in range(at, at + 15) if peaks[i] >= top / 2)
        pitch = max(range(N_PITCHES),
                    key=lambda p: amplitude(samples, (first + 2) * hop, LOWEST_HZ + PITCH_STEP_HZ * p))
        origins.append((begun[0] + first / 1000 - TICK_FIRST_S - TICK_EVERY_S * pitch) % (TICK_EVERY_S * N_PITCHES))
        at += 100
    return origins


def cluster(values, modulus):
    """The mean of the most values that are near to each other on a circle, and how many."""
    best = []
    for middle in sorted({round(v / CLUSTER_S) * CLUSTER_S for v in values}):
        near = [d for v in values if abs(d := (v - middle + modulus / 2) % modulus - modulus / 2) <= CLUSTER_S]
        if len(near) > len(best):
            best, around = near, middle
    return (around + statistics.fmean(best), len(best)) if best else (None, 0)


def offset(path, start_s, seconds):
    """By how many ms the picture is later than the sound, with how many codes and ticks say so; None: not to be read."""
    video, n_codes = cluster(video_origins(path, start_s, seconds), LOOP_S)
    sound, n_ticks = cluster(tick_origins(path, start_s, seconds), TICK_EVERY_S * N_PITCHES)
    if n_codes < 2 * seconds or n_ticks < seconds:
        return {"at_s": round(start_s, 1), "ms": None, "codes": n_codes, "ticks": n_ticks}
    # The loops are 15 and 2 s long: together they say it to the second.
    apart = (video - sound + 0.5) % 1 - 0.5
    return {"at_s": round(start_s, 1), "ms": round(1000 * apart, 1), "codes": n_codes, "ticks": n_ticks}


def look(path, window_s):
    """Everything of one file."""
    pictures, sounds = packet_times(path, "v"), packet_times(path, "a")
    gaps = [1000 * (b - a) for a, b in zip(pictures, pictures[1:])]
    last = max(pictures[0], pictures[-1] - window_s)
    starts = (pictures[0] + min(1, max(0, last - pictures[0])), (pictures[0] + last) / 2, last)
    return {"errors": errors(path), "frames": len(pictures), "seconds": pictures[-1] - pictures[0] + 1 / FPS,
            "sound_seconds": sounds[-1] - sounds[0] if sounds else 0, "gap_least_ms": min(gaps), "gap_max_ms": max(gaps),
            "offsets": [offset(path, s, window_s) for s in starts]}
