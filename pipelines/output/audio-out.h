/* pipelines/output/audio-out.h - stage 6 of 6 for sound: mixed packets into a peer's webrtcbin.
 * From: mix/audio/mixer.  SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

/* 400 ms. Sound that a peer's thread has not taken by then is worth nothing. */
#define MCU_AUDIO_OUT_MAX_WAITING 20

typedef struct _McuAudioOut McuAudioOut;

/**
 * mcu_audio_out_new:
 * @source: (transfer none): an appsrc linked to webrtcbin, caps application/x-rtp; referenced
 * @base_time: turns tick times into running times
 * @twcc_id: header extension id of transport-cc; 0: none
 *
 * Writes the RTP headers itself: a payloader would add a thread and no knowledge.
 * Thread: main loop.  Returns: (transfer full).
 */
McuAudioOut *mcu_audio_out_new (GstAppSrc *source, GstClockTime base_time, guint32 ssrc, guint8 pt,
                                guint8 twcc_id);
void mcu_audio_out_free (McuAudioOut *self);

/** mcu_audio_out_send: a McuAudioSendFunc; @user_data is the McuAudioOut. Thread: the mixing
 * thread. */
void mcu_audio_out_send (gpointer user_data, const guint8 *payload, gsize n, guint32 rtp_timestamp,
                         gboolean marker, gint64 tick_us);

/** mcu_audio_out_get_packets: Thread: any. */
guint64 mcu_audio_out_get_packets (McuAudioOut *self, guint64 *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuAudioOut, mcu_audio_out_free)
