/* tests/bench/material.h - what the load client sends: encoded once, packetized once, shared by
 * all. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Part of the file names: a change of what is generated makes new files. */
#define MCU_MATERIAL_VERSION 1
#define MCU_MATERIAL_FPS 30
#define MCU_MATERIAL_FLAG_KEY 1u
/* Bits 8..14 of an audio frame's flags: its level as RFC 6464 writes it (-dBov). */
#define MCU_MATERIAL_LEVEL(flags) ((flags) >> 8 & 0x7f)

typedef enum
{
  MCU_MATERIAL_VP8,
  MCU_MATERIAL_H264,
  MCU_MATERIAL_OPUS
} McuMaterialKind;

/** McuMaterialPacket: one RTP payload: @n_prefix bytes of @prefix (none for VP8, whose descriptor
 * is the sender's), then @size bytes at @data. */
typedef struct
{
  const guint8 *data;
  guint16 size;
  guint8 prefix[2];
  guint8 n_prefix;
  guint8 first;
  guint8 last;
} McuMaterialPacket;

typedef struct
{
  const guint8 *data;
  guint32 size;
  guint32 flags;
  guint32 first_packet;
  guint32 n_packets;
} McuMaterialFrame;

/** McuMaterial: a loop of frames; read only after loading, any thread. */
typedef struct
{
  McuMaterialKind kind;
  char *bytes;     /* owned: everything points into it */
  GArray *frames;  /* owned, (element-type McuMaterialFrame) */
  GArray *packets; /* owned, (element-type McuMaterialPacket) */
} McuMaterial;

/**
 * mcu_material_load:
 * @directory: where tessera-load-material wrote
 * @name: e.g. "camera-h264"
 *
 * Returns: (transfer full) (nullable): free with mcu_material_free().
 */
McuMaterial *mcu_material_load (const char *directory, const char *name, GError **error);
void mcu_material_free (McuMaterial *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuMaterial, mcu_material_free)

/** mcu_material_next_key: the first key frame after @from, round the loop's end if need be. */
guint mcu_material_next_key (const McuMaterial *self, guint from);

/** mcu_material_path: (transfer full): the file of that name and of this version. */
char *mcu_material_path (const char *directory, const char *name);

/** mcu_material_write: writes what mcu_material_load() reads; @frames are (element-type GBytes),
 * @flags (element-type guint32), of the same length. */
gboolean mcu_material_write (const char *directory, const char *name, McuMaterialKind kind,
                             GPtrArray *frames, GArray *flags, GError **error);
