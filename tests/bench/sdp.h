/* tests/bench/sdp.h - a browser's offer, and what we read in answers and in our own offers.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/bench/ice.h"
#include "tests/bench/material.h"

/* As a browser numbers them. */
#define MCU_LOAD_PT_OPUS 111
#define MCU_LOAD_PT_VP8 96
#define MCU_LOAD_PT_H264 102
#define MCU_LOAD_EXT_LEVEL 1
#define MCU_LOAD_EXT_TWCC 3
#define MCU_LOAD_EXT_MID 4

typedef enum
{
  MCU_LOAD_SENDRECV,
  MCU_LOAD_SENDONLY,
  MCU_LOAD_RECVONLY
} McuLoadDirection;

/** McuLoadSdpWriter: what is said about our side. */
typedef struct
{
  McuLoadDirection direction;
  McuMaterialKind video;
  const char *setup; /* "actpass" or "active" */
  const char *cname;
  guint port;
  const McuLoadIce *ice;
  guint32 audio_ssrc, video_ssrc, rtx_ssrc;
} McuLoadSdpWriter;

/** mcu_load_sdp_write: (transfer full): audio is mid 0, video mid 1, bundled. */
char *mcu_load_sdp_write (const McuLoadSdpWriter *writer);

/** McuLoadSdpSection: one m-line of the other side's description. */
typedef struct
{
  gboolean is_accepted; /* port not 0 */
  gboolean has_twcc, has_mid, has_level, has_rsize;
  McuMaterialKind codec; /* of the first payload type that we know */
  int pt;                /* -1 when none is known */
  int rtx_pt;            /* -1 when none */
} McuLoadSdpSection;

typedef struct
{
  char ufrag[256], password[256], fingerprint[128];
  gboolean is_active; /* a=setup:active: the other side starts DTLS */
  McuLoadSdpSection audio, video;
  struct sockaddr_in candidates[MCU_LOAD_ICE_MAX_REMOTES];
  guint n_candidates;
} McuLoadSdp;

/** mcu_load_sdp_parse: FALSE with @error when ICE, the fingerprint or a candidate is missing. */
gboolean mcu_load_sdp_parse (const char *text, McuLoadSdp *sdp, GError **error);
