/* pipelines/room/outputs.c - a room's live outputs: what each process of one is fed with.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/room/outputs.h"

#include <unistd.h>

#include "mcu/base/error.h"
#include "mcu/base/id.h"
#include "pipelines/live/feed.h"

struct _McuOutputs
{
  McuRoom *room;     /* unowned */
  GHashTable *by_id; /* owned, (element-type utf8 Output) */
};

typedef struct
{
  McuRoom *room;
  McuLiveFeed *feed; /* owned */
  guint tap;         /* the mixer's number */
} Output;

static void
free_output (gpointer data)
{
  Output *output = data;
  McuView *view = mcu_room_find_view (output->room, MCU_ROOM_MAIN_VIEW);

  mcu_audio_mixer_remove_tap (mcu_room_get_mixer (output->room), output->tap);
  if (view != NULL)
    mcu_view_remove_receiver (view, MCU_CODEC_H264, mcu_live_feed_get_receiver (output->feed));
  mcu_live_feed_free (output->feed);
  g_free (output);
}

McuOutputs *
mcu_outputs_new (McuRoom *room)
{
  McuOutputs *self = g_new0 (McuOutputs, 1);

  self->room = room;
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_output);
  return self;
}

void
mcu_outputs_free (McuOutputs *self)
{
  g_hash_table_unref (self->by_id);
  g_free (self);
}

static gboolean
check (McuOutputs *self, const char *id, int fd, GError **error)
{
  if (id == NULL || !mcu_id_is_valid (id) || fd < 0 || !mcu_room_is_set_up (self->room)) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "an output without its members");
    return FALSE;
  }
  if (g_hash_table_size (self->by_id) >= MCU_OUTPUTS_MAX) {
    g_set_error_literal (error, MCU_ERROR, MCU_ERROR_OVERLOADED, "too many outputs");
    return FALSE;
  }
  return TRUE;
}

gboolean
mcu_outputs_add (McuOutputs *self, const char *id, int fd, GError **error)
{
  g_autoptr (McuLiveFeed) feed = NULL;
  McuView *view;
  Output *output;

  mcu_outputs_remove (self, id);
  if (!check (self, id, fd, error)) {
    if (fd >= 0)
      close (fd);
    return FALSE;
  }
  feed = mcu_live_feed_new (fd, mcu_room_get_base_time (self->room), error);
  view = mcu_room_find_view (self->room, MCU_ROOM_MAIN_VIEW);
  if (feed == NULL ||
      !mcu_view_add_receiver (view, MCU_CODEC_H264, mcu_live_feed_get_receiver (feed), error))
    return FALSE;
  output = g_new0 (Output, 1);
  output->room = self->room;
  output->feed = g_steal_pointer (&feed);
  g_hash_table_insert (self->by_id, g_strdup (id), output);
  output->tap = mcu_audio_mixer_add_tap (mcu_room_get_mixer (self->room), NULL, mcu_live_feed_hear,
                                         output->feed);
  return TRUE;
}

void
mcu_outputs_remove (McuOutputs *self, const char *id)
{
  if (id != NULL)
    g_hash_table_remove (self->by_id, id);
}
