/* mcu/overload.h - whether this machine can take more people, judged by how late we are.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A machine is not overloaded because it is busy: one that compiles something, or makes one picture
 * late, goes on. It is when our own pictures are late all the time and it is we who use it up. Then
 * more people would make it worse for everybody who is there. Pure: fed once a second. */
#pragma once

#include <glib.h>

/* A room is late when its worst tick of a second came more than a frame after its time. */
#define MCU_OVERLOAD_LATE_FRAMES 1.0
/* It is we when the ticker uses so much of its time ... */
#define MCU_OVERLOAD_LOAD 0.9
/* ... or all room processes together so much of all the machine's cores. */
#define MCU_OVERLOAD_CPU 0.7
/* It is over after so many seconds without being late. */
#define MCU_OVERLOAD_WELL_S 5

/** McuOverloadSample: the worst of all rooms, of the second that has passed. */
typedef struct
{
  double late_frames; /* lateness of a tick, in frames of its room */
  double load;        /* 0..1: share of the ticker's time */
  double cpu;         /* 0..1: share of the machine's cores that our processes use */
} McuOverloadSample;

/** McuOverload: zeroed, all is well. */
typedef struct
{
  guint n_bad;  /* seconds in a row */
  guint n_good; /* ... the other way */
  gboolean is_over;
} McuOverload;

/**
 * mcu_overload_second:
 * @after_s: how long it must be bad; 0: never mind
 *
 * Returns: TRUE while nobody more should be taken.
 */
gboolean mcu_overload_second (McuOverload *self, const McuOverloadSample *sample, guint after_s);
