/* pipelines/record/mkv-read.h - a Matroska or WebM file, whole or cut off anywhere.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/record/movie.h"

/* RFC 9559, 5.1 */
#define MCU_MKV_EBML 0x1a45dfa3
#define MCU_MKV_SEGMENT 0x18538067
#define MCU_MKV_SEEK_HEAD 0x114d9b74
#define MCU_MKV_INFO 0x1549a966
#define MCU_MKV_TRACKS 0x1654ae6b
#define MCU_MKV_CLUSTER 0x1f43b675
#define MCU_MKV_CUES 0x1c53bb6b
#define MCU_MKV_CHAPTERS 0x1043a770
#define MCU_MKV_TIMESTAMP 0xe7
#define MCU_MKV_SIMPLE_BLOCK 0xa3

/**
 * mcu_mkv_read:
 * @file: (transfer full): also on error
 *
 * Ticks are milliseconds. What a kill of the process left half-written at the end is left out.
 * Source: RFC 9559.  Returns: (transfer full): MCU_ERROR_UNSUPPORTED_TYPE.
 */
McuMovie *mcu_mkv_read (McuSourceFile *file, GError **error);
