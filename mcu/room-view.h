/* mcu/room-view.h - one picture of a room: who is seen in it, and where.
 * SPDX-License-Identifier: Apache-2.0
 *
 * `main` is the room's and always there. Others follow the room's people by themselves, whoever
 * made them: mcu/room-views (what receivers wish for), recordings. The room process has the same
 * ones under the same names (docs/media-link.md). Thread: main loop. */
#pragma once

#include "layouts/layout-solve.h"
#include "mcu/room.h"

#define MCU_ROOM_MAIN_VIEW "main"
/* Beside main; source: docs/media-link.md, `view`. There is a place for all that anybody may ask
 * for, so that receivers' own pictures never end a recording. */
#define MCU_ROOM_MAX_VIEWS 24

/** McuRoomViewSpec: what a picture is to show; copied. Zeroed: what main shows. */
typedef struct
{
  McuLayout *layout;           /* (nullable): it follows the room's */
  int width_px;                /* even; 0: the room's */
  int height_px;               /* even; 0: the room's */
  guint fps;                   /* 0: the room's */
  const char *const *left_out; /* (nullable): ids of participants that are not in it */
  const char *pinned;          /* (nullable): id of who is large in it */
} McuRoomViewSpec;

/** McuViewUse: who made a view, and takes it away. */
typedef enum
{
  MCU_VIEW_MAIN,
  MCU_VIEW_OTHER,    /* mcu_room_view_add()'s caller */
  MCU_VIEW_PORTRAIT, /* all receivers in portrait share it */
  MCU_VIEW_PRIVATE   /* of receivers with the same wish, within the room's budget */
} McuViewUse;

/** McuRoomView: a record that the room's files share; the room owns it. */
struct _McuRoomView
{
  /* Set once. */
  McuRoom *room; /* unowned */
  char *id;
  McuViewUse use;
  int width_px;
  int height_px;
  guint fps;
  char **left_out;
  char *pinned; /* (nullable) */

  McuLayout *layout;     /* owned (nullable): the room's */
  McuLayout *pin_layout; /* owned (nullable): for who has no place in pinned_in */
  McuLayout *pinned_in;  /* owned (nullable) */
  McuSeating seating;
  GQueue placements;    /* of McuPlacementRecord, owned, newest first */
  guint again_source;   /* when a speaker's hold ends */
  gboolean is_unplaced; /* the process has not been told of it: it shows the background */
};

/** McuPlacementRecord: a placement that was sent, kept until receivers have been told of it. */
typedef struct
{
  gint64 seq;        /* of all the room's views together */
  McuRoomView *view; /* unowned */
  McuLayout *layout; /* owned */
  guint arrangement; /* of it, by index */
  guint n_tiles;
  McuPlacement tiles[MCU_PLACEMENT_MAX_TILES];
} McuPlacementRecord;

/**
 * mcu_room_view_add:
 * @spec: copied
 *
 * The room process is told at once, of where its tiles are, too. Nobody is on it yet; until then it
 * costs nothing but what scaling to its tiles' sizes takes.
 *
 * Returns: (transfer none) (nullable): mcu_room_view_remove() takes it away, or the room's end.
 * NULL: MCU_ROOM_MAX_VIEWS are there.
 */
McuRoomView *mcu_room_view_add (McuRoom *room, const McuRoomViewSpec *spec);

/** mcu_room_view_remove: its receivers go back to main. Not for main. */
void mcu_room_view_remove (McuRoomView *self);

/** mcu_room_view_find: (transfer none) (nullable) */
McuRoomView *mcu_room_view_find (McuRoom *room, const char *id);

/** mcu_room_view_get_id: (transfer none): the link's `view`. */
const char *mcu_room_view_get_id (McuRoomView *self);

/** mcu_room_view_set_layout: @layout: (nullable) (transfer none): the room's. Takes effect in the
 * running picture. */
void mcu_room_view_set_layout (McuRoomView *self, McuLayout *layout);

/** mcu_room_view_set_left_out: ids of participants that are not in it from now on; copied. */
void mcu_room_view_set_left_out (McuRoomView *self, const char *const *left_out);

/* For the room's own files. */

/** mcu_room_view_new: (transfer full): into room->views it goes by hand. @id: unused so far */
McuRoomView *mcu_room_view_new (McuRoom *room, const char *id, McuViewUse use,
                                const McuRoomViewSpec *spec);
void mcu_room_view_free (McuRoomView *self);

/** mcu_room_view_add_for: mcu_room_view_add(). @id: (nullable): NULL makes one up */
McuRoomView *mcu_room_view_add_for (McuRoom *room, McuViewUse use, const char *id,
                                    const McuRoomViewSpec *spec);

/** mcu_room_view_place_message: (transfer full) (nullable): the newest placement, solved now; NULL
 * when @only_news and nobody moved. */
JsonObject *mcu_room_view_place_message (McuRoomView *self, gboolean only_news);

/** mcu_room_view_get_newest: (transfer none) (nullable): the newest placement. */
const McuPlacementRecord *mcu_room_view_get_newest (McuRoomView *self);

/** mcu_room_view_tiles_to_json: (transfer full). @own: (nullable): whose tiles are marked */
JsonArray *mcu_room_view_tiles_to_json (const McuPlacementRecord *record, const char *own);
