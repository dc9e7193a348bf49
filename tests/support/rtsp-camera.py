#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A camera: rtsp-camera.py PORT serves rtsp://127.0.0.1:PORT/cam (0: a free port), red and 440 Hz."""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PICTURE = "videotestsrc is-live=true pattern=red ! video/x-raw,width=320,height=180,framerate=15/1"
SOUND = "audiotestsrc is-live=true freq=440 volume=0.4 ! audio/x-raw,rate=8000,channels=1"

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory()
factory.set_shared(True)
factory.set_launch(
    f"( {PICTURE} ! openh264enc gop-size=15 ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 "
    f"{SOUND} ! mulawenc ! rtppcmupay name=pay1 pt=0 )"
)
server.get_mount_points().add_factory("/cam", factory)
server.attach(None)
print("listening on", server.get_bound_port(), flush=True)
GLib.MainLoop().run()
