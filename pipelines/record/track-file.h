/* pipelines/record/track-file.h - a Matroska file that grows by whole clusters; its bytes only.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "pipelines/types.h"

/* A cluster: what a kill of the process costs at most, beside what is under way. */
#define MCU_TRACK_CLUSTER_MS 500

/** McuTrackKind: their numbers in the file. */
typedef enum
{
  MCU_TRACK_VIDEO = 1,
  MCU_TRACK_SOUND = 2
} McuTrackKind;

/** McuTrackFileSettings: fixed for the file's life. */
typedef struct
{
  McuCodec video; /* MCU_CODEC_NONE: no pictures */
  guint width_px, height_px;
  const GByteArray *video_config; /* (nullable): H.264's avcC record */
  McuCodec sound;                 /* MCU_CODEC_NONE: none */
} McuTrackFileSettings;

/** mcu_track_file_head: (transfer full): what it begins with; a player can begin here. */
GBytes *mcu_track_file_head (const McuTrackFileSettings *settings);

/** McuTrackCluster: zero-initialised is empty. */
typedef struct
{
  GByteArray *blocks; /* owned (nullable) */
  gint64 begun_ms;
} McuTrackCluster;

/**
 * mcu_track_cluster_add:
 * @ms: in the file
 *
 * Returns: FALSE: it does not go into this cluster: take that first.
 */
gboolean mcu_track_cluster_add (McuTrackCluster *self, McuTrackKind kind, gint64 ms,
                                gboolean is_key, const guint8 *data, gsize n);

/** mcu_track_cluster_take: (transfer full) (nullable): the cluster, whole; then it is empty. */
GBytes *mcu_track_cluster_take (McuTrackCluster *self);
