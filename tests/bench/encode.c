/* tests/bench/encode.c - see encode.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/encode.h"

#include <string.h>
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>
#include <wels/codec_api.h>

struct _McuLoadEncoder
{
  McuMaterialKind kind;
  int width, height;
  gint64 n_frames;
  vpx_codec_ctx_t vpx;
  ISVCEncoder *wels; /* owned (nullable) */
};

static gboolean
open_vp8 (McuLoadEncoder *self, guint rate_bps)
{
  vpx_codec_enc_cfg_t config;

  if (vpx_codec_enc_config_default (vpx_codec_vp8_cx (), &config, 0) != VPX_CODEC_OK)
    return FALSE;
  config.g_w = (unsigned) self->width;
  config.g_h = (unsigned) self->height;
  config.g_timebase.num = 1;
  config.g_timebase.den = MCU_MATERIAL_FPS;
  config.g_threads = 1;
  config.g_lag_in_frames = 0;
  config.rc_end_usage = VPX_CBR;
  config.rc_target_bitrate = rate_bps / 1000;
  config.rc_min_quantizer = 4;
  config.rc_max_quantizer = 56;
  config.rc_buf_sz = 600;
  config.rc_buf_initial_sz = 400;
  config.rc_buf_optimal_sz = 500;
  config.kf_mode = VPX_KF_DISABLED;
  if (vpx_codec_enc_init (&self->vpx, vpx_codec_vp8_cx (), &config, 0) != VPX_CODEC_OK)
    return FALSE;
  vpx_codec_control (&self->vpx, VP8E_SET_CPUUSED, -6);
  vpx_codec_control (&self->vpx, VP8E_SET_MAX_INTRA_BITRATE_PCT, 450);
  return TRUE;
}

static gboolean
open_h264 (McuLoadEncoder *self, guint rate_bps)
{
  SEncParamExt params;

  if (WelsCreateSVCEncoder (&self->wels) != 0)
    return FALSE;
  (*self->wels)->GetDefaultParams (self->wels, &params);
  params.iUsageType = CAMERA_VIDEO_REAL_TIME;
  params.iPicWidth = self->width;
  params.iPicHeight = self->height;
  params.iTargetBitrate = (int) rate_bps;
  params.iMaxBitrate = (int) rate_bps * 3 / 2;
  params.iRCMode = RC_BITRATE_MODE;
  params.fMaxFrameRate = MCU_MATERIAL_FPS;
  params.iMultipleThreadIdc = 1;
  params.uiIntraPeriod = 0;
  params.bEnableSceneChangeDetect = FALSE;
  params.bEnableFrameSkip = FALSE;
  params.iComplexityMode = MEDIUM_COMPLEXITY;
  params.eSpsPpsIdStrategy = CONSTANT_ID;
  params.sSpatialLayers[0].iVideoWidth = self->width;
  params.sSpatialLayers[0].iVideoHeight = self->height;
  params.sSpatialLayers[0].fFrameRate = MCU_MATERIAL_FPS;
  params.sSpatialLayers[0].iSpatialBitrate = params.iTargetBitrate;
  params.sSpatialLayers[0].iMaxSpatialBitrate = params.iMaxBitrate;
  params.sSpatialLayers[0].uiProfileIdc = PRO_BASELINE;
  params.sSpatialLayers[0].sSliceArgument.uiSliceMode = SM_SINGLE_SLICE;
  return (*self->wels)->InitializeExt (self->wels, &params) == 0;
}

McuLoadEncoder *
mcu_load_encoder_new (McuMaterialKind kind, int width, int height, guint rate_bps)
{
  McuLoadEncoder *self = g_new0 (McuLoadEncoder, 1);

  self->kind = kind;
  self->width = width;
  self->height = height;
  if (kind == MCU_MATERIAL_H264 ? open_h264 (self, rate_bps) : open_vp8 (self, rate_bps))
    return self;
  mcu_load_encoder_free (self);
  return NULL;
}

void
mcu_load_encoder_free (McuLoadEncoder *self)
{
  if (self->wels != NULL) {
    (*self->wels)->Uninitialize (self->wels);
    WelsDestroySVCEncoder (self->wels);
  }
  if (self->vpx.iface != NULL)
    vpx_codec_destroy (&self->vpx);
  g_free (self);
}

static GBytes *
encode_vp8 (McuLoadEncoder *self, const guint8 *i420, gboolean key)
{
  vpx_image_t image;
  vpx_codec_iter_t iter = NULL;
  const vpx_codec_cx_pkt_t *packet;

  vpx_img_wrap (&image, VPX_IMG_FMT_I420, (unsigned) self->width, (unsigned) self->height, 1,
                (unsigned char *) i420);
  if (vpx_codec_encode (&self->vpx, &image, self->n_frames, 1, key ? VPX_EFLAG_FORCE_KF : 0,
                        VPX_DL_REALTIME) != VPX_CODEC_OK)
    return NULL;
  while ((packet = vpx_codec_get_cx_data (&self->vpx, &iter)) != NULL)
    if (packet->kind == VPX_CODEC_CX_FRAME_PKT)
      return g_bytes_new (packet->data.frame.buf, packet->data.frame.sz);
  return NULL;
}

static GBytes *
encode_h264 (McuLoadEncoder *self, const guint8 *i420, gboolean key)
{
  gsize luma = (gsize) self->width * self->height;
  SSourcePicture picture = {.iColorFormat = videoFormatI420,
                            .iStride = {self->width, self->width / 2, self->width / 2, 0},
                            .iPicWidth = self->width,
                            .iPicHeight = self->height,
                            .uiTimeStamp = self->n_frames * 1000 / MCU_MATERIAL_FPS};
  SFrameBSInfo info = {0};
  g_autoptr (GByteArray) out = g_byte_array_new ();

  picture.pData[0] = (unsigned char *) i420;
  picture.pData[1] = picture.pData[0] + luma;
  picture.pData[2] = picture.pData[1] + luma / 4;
  if (key)
    (*self->wels)->ForceIntraFrame (self->wels, true);
  if ((*self->wels)->EncodeFrame (self->wels, &picture, &info) != 0)
    return NULL;
  for (int layer = 0; layer < info.iLayerNum; layer++) {
    const SLayerBSInfo *bits = &info.sLayerInfo[layer];
    gsize size = 0;

    for (int nal = 0; nal < bits->iNalCount; nal++)
      size += (gsize) bits->pNalLengthInByte[nal];
    g_byte_array_append (out, bits->pBsBuf, (guint) size);
  }
  return out->len > 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

GBytes *
mcu_load_encoder_encode (McuLoadEncoder *self, const guint8 *i420, gboolean key)
{
  GBytes *frame = self->kind == MCU_MATERIAL_H264 ? encode_h264 (self, i420, key)
                                                  : encode_vp8 (self, i420, key);

  self->n_frames++;
  return frame;
}
