/* mcu/recording-chapters.h - a recording's chapters as players read them. Pure.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

/**
 * mcu_recording_media_ms:
 * @sidecar: see docs/recording.md
 * @part: from 1 on; 0: all parts one behind the other, as `join` makes them
 *
 * Returns: where in the file(s) that moment of the clock is to be seen; -1: in none.
 */
gint64 mcu_recording_media_ms (JsonObject *sidecar, guint part, gint64 at_ms);

/** mcu_recording_chapters_to_vtt: (transfer full): WebVTT, empty of cues when there are none. */
char *mcu_recording_chapters_to_vtt (JsonObject *sidecar, guint part);

/** mcu_recording_chapters_to_json: (transfer full): as `tessera-room --finish` and `--join` take
 * them: {"chapters": [{start_ms, title}]}. */
char *mcu_recording_chapters_to_json (JsonObject *sidecar, guint part);
