# SPDX-License-Identifier: Apache-2.0
"""The bench's table, as Markdown."""

import os
import platform

COLUMNS = ["N", "server", "tessera u+s", "room u+s", "client", "busy", "sum", "ratio", "RSS/PSS MiB",
           "threads", "fps mean/least", "video p50/p95", "audio p50/p95", "join p50/p95", ""]


def about(found, options, unit, direct):
    parts = [f"decode {unit['decode_us']:.0f} us", f"Opus {unit['opus_decode_us']:.0f}+"
             f"{unit['opus_encode_us']:.0f} us"]
    for n, mix in unit["mix"].items():
        parts.append(f"N={n}: scale {mix['scale_us']:.0f}, compose {mix['compose_us']:.0f}, "
                     f"encode {mix['encode_us']:.0f} us, webrtcbin {unit['bare_cores'][int(n)]:.3f} core")
    return (f"{options.codec}, {options.talkers} talkers, {options.viewers} viewers, "
            f"{options.seconds:.0f} s a row, {os.cpu_count()} cores, {platform.release()}\n"
            f"Unit costs: {'; '.join(parts)}\n"
            f"Direct path: video {direct['video_delay_ms']['p50']:.2f} ms, "
            f"audio {direct['audio_delay_ms']['p50']:.2f} ms (taken off below)\n")


def head():
    return "| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS)


def pair(values, first="p50", second="p95"):
    return "-" if not values else f"{values[first]:.0f} / {values[second]:.0f}"


def remarks(row):
    words = ["saturated"] if row["is_saturated"] else []
    if row["is_disturbed"]:
        words.append("disturbed")
    failures = len(row["result"]["failures"])
    if failures:
        words.append(f"{failures} failures: {row['result']['failures'][0]}"[:120])
    return ", ".join(words).replace("|", "/")


def line(row):
    result, control, room = row["result"], row["control"], row["room"]
    cells = [row["people"], f"{row['server']:.3f}", f"{control['user']:.3f}+{control['system']:.3f}",
             f"{room['user']:.3f}+{room['system']:.3f}",
             f"{result['client_cores']:.3f}", f"{row['machine']:.2f}", f"{row['unit_sum']:.3f}",
             f"{row['ratio']:.2f}", f"{row['rss_mib']:.0f} / {row['pss_mib']:.0f}", row["threads"],
             f"{result['fps_mean']:.1f} / {result['fps_least']:.1f}", pair(row["video"]),
             pair(row["audio"]), pair(result.get("join_ms")), remarks(row)]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
