/* pipelines/live/segmenter.c - one MPEG transport stream cut into pieces that each play alone.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/live/segmenter.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gst/video/video.h>

struct _McuSegmenter
{
  /* Set once in new(). */
  McuSegmentFunc func;
  gpointer user_data;

  /* The pad's thread only. */
  GByteArray *data;      /* owned: of the piece that is being made */
  GstClockTime began_ns; /* GST_CLOCK_TIME_NONE: before the first keyframe */
  gboolean is_broken;
};

static gboolean
write_all (int fd, const guint8 *data, gsize n)
{
  while (n > 0) {
    gssize written = write (fd, data, n);

    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return FALSE;
    data += written;
    n -= written;
  }
  return TRUE;
}

static int
make_memfd (const GByteArray *data)
{
  int fd = memfd_create ("segment", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0)
    return -1;
  if (write_all (fd, data->data, data->len) &&
      fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
    return fd;
  close (fd);
  return -1;
}

static void
give_up (McuSegmenter *self)
{
  self->is_broken = TRUE;
  g_byte_array_set_size (self->data, 0);
  self->func (self->user_data, -1, 0);
}

static void
cut (McuSegmenter *self, GstClockTime at_ns)
{
  int fd;

  if (self->began_ns != GST_CLOCK_TIME_NONE) {
    if (at_ns < self->began_ns + MCU_SEGMENT_WANTED_NS)
      return;
    fd = make_memfd (self->data);
    if (fd < 0) {
      give_up (self);
      return;
    }
    self->func (self->user_data, fd, (at_ns - self->began_ns) / GST_MSECOND);
  }
  g_byte_array_set_size (self->data, 0);
  self->began_ns = at_ns;
}

static gboolean
append (GstBuffer **buffer, guint index, gpointer user_data)
{
  McuSegmenter *self = user_data;
  GstMapInfo map;

  if (self->began_ns == GST_CLOCK_TIME_NONE || self->is_broken ||
      !gst_buffer_map (*buffer, &map, GST_MAP_READ))
    return TRUE;
  if (self->data->len + map.size <= MCU_SEGMENT_MAX_BYTES)
    g_byte_array_append (self->data, map.data, map.size);
  else
    give_up (self);
  gst_buffer_unmap (*buffer, &map);
  return TRUE;
}

static void
take_event (McuSegmenter *self, GstEvent *event)
{
  GstClockTime running_ns;

  if (gst_video_event_is_force_key_unit (event) && !self->is_broken &&
      gst_video_event_parse_downstream_force_key_unit (event, NULL, NULL, &running_ns, NULL,
                                                       NULL) &&
      running_ns != GST_CLOCK_TIME_NONE)
    cut (self, running_ns);
}

/* Thread: the muxer's. */
static GstPadProbeReturn
on_data (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  McuSegmenter *self = user_data;
  GstBuffer *buffer;

  if ((info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) != 0) {
    take_event (self, GST_PAD_PROBE_INFO_EVENT (info));
  } else if ((info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0) {
    gst_buffer_list_foreach (GST_PAD_PROBE_INFO_BUFFER_LIST (info), append, self);
  } else {
    buffer = GST_PAD_PROBE_INFO_BUFFER (info);
    append (&buffer, 0, self);
  }
  return GST_PAD_PROBE_OK;
}

McuSegmenter *
mcu_segmenter_new (GstPad *pad, McuSegmentFunc func, gpointer user_data)
{
  McuSegmenter *self = g_new0 (McuSegmenter, 1);

  self->func = func;
  self->user_data = user_data;
  self->data = g_byte_array_new ();
  self->began_ns = GST_CLOCK_TIME_NONE;
  gst_pad_add_probe (pad,
                     GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST |
                         GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
                     on_data, self, NULL);
  return self;
}

void
mcu_segmenter_free (McuSegmenter *self)
{
  g_byte_array_unref (self->data);
  g_free (self);
}
