/* mcu/floor.h - who has the floor: the active speaker, from levels.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The floor goes to who speaks loudest, but not for a cough: somebody takes it after speaking for
 * 300 ms while its holder is silent, or louder by 6 dB for 600 ms while the holder speaks; and
 * nobody takes it within 1.5 s of the last change. Silence leaves it where it is. Pure: the caller
 * says what time it is. Thread: any, one at a time. */
#pragma once

#include <glib.h>

#define MCU_FLOOR_TAKE_SILENT_MS 300
#define MCU_FLOOR_TAKE_OVER_MS 600
#define MCU_FLOOR_TAKE_OVER_DB 6
#define MCU_FLOOR_HOLD_MS 1500
/* Pauses between words, which do not end a speech. */
#define MCU_FLOOR_PAUSE_MS 400

typedef struct _McuFloor McuFloor;

McuFloor *mcu_floor_new (void);
void mcu_floor_free (McuFloor *self);

/**
 * mcu_floor_level:
 * @who: an id; @level_dbov: -127..0; @voice: what the voice detector says
 *
 * One person's level as it comes; people are known from their first level on.
 */
void mcu_floor_level (McuFloor *self, const char *who, int level_dbov, gboolean voice,
                      gint64 now_us);

/** mcu_floor_remove: somebody left, or was muted. */
void mcu_floor_remove (McuFloor *self, const char *who);

/** mcu_floor_update: to be called after levels. Returns: TRUE when the speaker changed. */
gboolean mcu_floor_update (McuFloor *self, gint64 now_us);

/** mcu_floor_get_speaker: (transfer none) (nullable): who has the floor. */
const char *mcu_floor_get_speaker (McuFloor *self);

/** mcu_floor_last_voice_us: when anybody spoke last: @now_us while they do; 0: nobody has. */
gint64 mcu_floor_last_voice_us (McuFloor *self, gint64 now_us);

/** mcu_floor_is_speaking: whether @who speaks now, short pauses included. */
gboolean mcu_floor_is_speaking (McuFloor *self, const char *who, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuFloor, mcu_floor_free)
