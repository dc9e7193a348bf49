/* tests/bench/decode.c - see decode.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/decode.h"

#include <string.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>
#include <wels/codec_api.h>

struct _McuLoadDecoder
{
  vpx_codec_ctx_t vpx;
  ISVCDecoder *wels; /* owned (nullable): then it is H.264 */
};

static gboolean
open_h264 (McuLoadDecoder *self)
{
  SDecodingParam params = {0};

  if (WelsCreateDecoder (&self->wels) != 0)
    return FALSE;
  params.sVideoProperty.eVideoBsType = VIDEO_BITSTREAM_AVC;
  params.eEcActiveIdc = ERROR_CON_DISABLE;
  return (*self->wels)->Initialize (self->wels, &params) == 0;
}

McuLoadDecoder *
mcu_load_decoder_new (McuMaterialKind kind)
{
  McuLoadDecoder *self = g_new0 (McuLoadDecoder, 1);
  gboolean ok = kind == MCU_MATERIAL_H264
                    ? open_h264 (self)
                    : vpx_codec_dec_init (&self->vpx, vpx_codec_vp8_dx (), NULL, 0) == VPX_CODEC_OK;

  if (ok)
    return self;
  mcu_load_decoder_free (self);
  return NULL;
}

void
mcu_load_decoder_free (McuLoadDecoder *self)
{
  if (self->wels != NULL) {
    (*self->wels)->Uninitialize (self->wels);
    WelsDestroyDecoder (self->wels);
  }
  if (self->vpx.iface != NULL)
    vpx_codec_destroy (&self->vpx);
  g_free (self);
}

static gboolean
decode_vp8 (McuLoadDecoder *self, const guint8 *frame, gsize size, McuLoadLuma *luma)
{
  vpx_codec_iter_t iter = NULL;

  if (vpx_codec_decode (&self->vpx, frame, (unsigned) size, NULL, 0) != VPX_CODEC_OK)
    return FALSE;
  vpx_image_t *image = vpx_codec_get_frame (&self->vpx, &iter);
  if (image == NULL)
    return FALSE;
  *luma = (McuLoadLuma){image->planes[0], image->stride[0], (int) image->d_w, (int) image->d_h};
  return TRUE;
}

gboolean
mcu_load_decoder_decode (McuLoadDecoder *self, const guint8 *frame, gsize size, McuLoadLuma *luma)
{
  unsigned char *planes[3] = {NULL};
  SBufferInfo info = {0};

  if (self->wels == NULL)
    return decode_vp8 (self, frame, size, luma);
  if ((*self->wels)->DecodeFrameNoDelay (self->wels, frame, (int) size, planes, &info) != 0 ||
      info.iBufferStatus != 1)
    return FALSE;
  *luma = (McuLoadLuma){planes[0], info.UsrData.sSystemBuffer.iStride[0],
                        info.UsrData.sSystemBuffer.iWidth, info.UsrData.sSystemBuffer.iHeight};
  return TRUE;
}
