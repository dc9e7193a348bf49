/* pipelines/mix/video/elements.h - what is drawn beside tiles, ready to be blended.
 * From: layouts/element, a room's caption and clock.  To: mix/video/scene.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/element.h"
#include "pipelines/mix/video/image.h"

/**
 * McuElements:
 *
 * A set of drawings and their places, which never changes: what is drawn anew is another set, that
 * shares what stayed as it was.
 */
typedef struct _McuElements McuElements;

/** McuElementImageFunc: (transfer none) (nullable): the picture that @id is, if it has come. */
typedef McuImage *(*McuElementImageFunc) (const char *id, gpointer user_data);

/** McuElementState: what elements show besides what the layout says. */
typedef struct
{
  gint64 now_s;         /* real time */
  const char *caption;  /* (nullable): any text */
  gboolean is_recorded; /* the mark is shown */
  McuElementImageFunc find_image;
  gpointer user_data;
} McuElementState;

/**
 * mcu_elements_new:
 * @boxes: (array length=n): in the order they are drawn in; inside the canvas
 * @before: (nullable): the set that this one is to replace
 *
 * Draws what @before does not have yet. What there is nothing of (no caption, no picture yet, no
 * room) is left out.
 *
 * Thread: main loop.  Returns: (transfer full) (nullable): @before itself when nothing differs;
 * NULL when there is nothing to draw.
 */
McuElements *mcu_elements_new (const McuElementBox *boxes, guint n, const McuElementState *state,
                               McuElements *before);
/** mcu_elements_ref: Thread: any.  Returns: (transfer full): @self. */
McuElements *mcu_elements_ref (McuElements *self);
/** mcu_elements_unref: Thread: any. */
void mcu_elements_unref (McuElements *self);

/**
 * mcu_elements_blend:
 * @self: (nullable)
 * @in_front: those that are, or those that are not
 * @clip: inside @out, even
 *
 * Thread: the one that fills @out.
 */
void mcu_elements_blend (const McuElements *self, gboolean in_front, McuPicture *out,
                         const McuRect *clip);

/** mcu_elements_warm_up: learns where we are in time, before a sandbox closes files. */
void mcu_elements_warm_up (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (McuElements, mcu_elements_unref)
