/* pipelines/ingest/decoded.c - what a decoder's appsink gives, as a picture.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/ingest/decoded.h"

static void
free_frame (gpointer data)
{
  GstVideoFrame *frame = data;

  gst_video_frame_unmap (frame);
  g_free (frame);
}

McuPicture *
mcu_decoded_wrap (const McuDecodedFormat *self, GstBuffer *buffer)
{
  GstVideoFrame *frame = g_new0 (GstVideoFrame, 1);

  if (!gst_video_frame_map (frame, &self->info, buffer, GST_MAP_READ)) {
    g_free (frame);
    return NULL;
  }
  return mcu_picture_new_wrapped (GST_VIDEO_FRAME_WIDTH (frame), GST_VIDEO_FRAME_HEIGHT (frame),
                                  (guint8 *const[3]){GST_VIDEO_FRAME_PLANE_DATA (frame, 0),
                                                     GST_VIDEO_FRAME_PLANE_DATA (frame, 1),
                                                     GST_VIDEO_FRAME_PLANE_DATA (frame, 2)},
                                  (const int[3]){GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0),
                                                 GST_VIDEO_FRAME_PLANE_STRIDE (frame, 1),
                                                 GST_VIDEO_FRAME_PLANE_STRIDE (frame, 2)},
                                  free_frame, frame);
}

gboolean
mcu_decoded_format_read (McuDecodedFormat *self, GstCaps *caps)
{
  if (caps == NULL)
    return FALSE;
  if (caps == self->caps)
    return TRUE;
  if (!gst_video_info_from_caps (&self->info, caps) ||
      GST_VIDEO_INFO_FORMAT (&self->info) != GST_VIDEO_FORMAT_I420 ||
      GST_VIDEO_INFO_WIDTH (&self->info) < 2 || GST_VIDEO_INFO_HEIGHT (&self->info) < 2)
    return FALSE;
  gst_caps_replace (&self->caps, caps);
  return TRUE;
}

void
mcu_decoded_format_clear (McuDecodedFormat *self)
{
  gst_caps_replace (&self->caps, NULL);
}
