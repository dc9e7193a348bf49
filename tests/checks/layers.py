#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Uses point one way: reads the includes and says which arrow is wrong."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAY_USE = {
    "mcu/base": {"mcu/base"},
    "layouts": {"layouts", "mcu/base"},
    "mcu": {"mcu", "layouts", "mcu/base"},
    "signaling": {"signaling", "mcu", "layouts", "mcu/base"},
    "pipelines": {"pipelines", "layouts", "mcu/base"},
}
# Inside pipelines: the pure parts stay pure, and a stage knows only those before it.
PURE = {
    "pipelines/mix/audio": re.compile(r"<gst/|<gio/"),
    "pipelines/mix/video": re.compile(r"<gst/|<gio/"),
}
NO_GSTREAMER = ("mcu", "layouts", "signaling")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|(<[^>]+>))', re.M)


def layer_of(path):
    for layer in sorted(MAY_USE, key=len, reverse=True):
        if path == layer or path.startswith(layer + "/"):
            return layer
    return None


def sources():
    out = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.c", "*.h"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return out.split()


def wrong_arrows():
    for name in sources():
        layer = layer_of(name)
        path = ROOT / name
        if layer is None or not path.exists():
            continue
        for ours, theirs in INCLUDE.findall(path.read_text()):
            target = layer_of(ours) if ours else None
            if target and target not in MAY_USE[layer]:
                yield f"{name}: {layer} may not use {ours}"
            if theirs.startswith("<gst/") and layer in NO_GSTREAMER:
                yield f"{name}: {layer} may not use GStreamer ({theirs})"
            for folder, forbidden in PURE.items():
                if name.startswith(folder) and theirs and forbidden.search(theirs):
                    yield f"{name}: {folder} may not use {theirs}"


def main():
    wrong = list(wrong_arrows())
    print("\n".join(wrong) if wrong else "layers: every arrow points the right way")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
