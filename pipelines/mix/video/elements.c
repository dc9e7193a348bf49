/* pipelines/mix/video/elements.c - what is drawn beside tiles, ready to be blended.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/mix/video/elements.h"

#include <string.h>
#include <time.h>

#include "pipelines/mix/video/decor.h"

#define SECONDS_PER_MIN 60

/* What is drawn, and under which key it is found again. */
typedef struct
{
  char *key;           /* owned */
  McuOverlay *overlay; /* owned */
  int x;               /* px, even */
  int y;
  gboolean in_front;
} Drawing;

struct _McuElements
{
  gatomicrefcount refs;

  /* Set once in new(), then read by any thread. */
  GArray *drawings; /* (element-type Drawing) */
};

static void
clear_drawing (gpointer data)
{
  Drawing *drawing = data;

  g_free (drawing->key);
  mcu_overlay_unref (drawing->overlay);
}

static char *
clock_text (const McuElementLook *look, gint64 now_s)
{
  time_t shown = (time_t) now_s + (look->is_fixed_zone ? look->zone_min * SECONDS_PER_MIN : 0);
  struct tm tm;
  char text[32];

  if ((look->is_fixed_zone ? gmtime_r : localtime_r) (&shown, &tm) == NULL)
    return g_strdup ("");
  if (look->twelve_hours)
    strftime (text, sizeof text, look->seconds ? "%I:%M:%S" : "%I:%M", &tm);
  else
    strftime (text, sizeof text, look->seconds ? "%H:%M:%S" : "%H:%M", &tm);
  if (!look->twelve_hours)
    return g_strdup (text);
  /* %p is empty where the language has none. */
  return g_strdup_printf ("%s %s", text + (text[0] == '0'), tm.tm_hour < 12 ? "am" : "pm");
}

/* (transfer full) (nullable): the line that an element shows. */
static char *
get_line (const McuElementLook *look, const McuElementState *state)
{
  if (look->kind == MCU_ELEMENT_CLOCK)
    return clock_text (look, state->now_s);
  return g_strdup (look->kind == MCU_ELEMENT_CAPTION ? state->caption : look->text);
}

/* (transfer full) (nullable): what is to be seen in @box; the same key is the same drawing at the
 * same place. */
static char *
get_key (const McuElementBox *box, const McuElementState *state, const McuImage *image)
{
  const McuElementLook *look = &box->look;
  const McuRect *rect = &box->rect;
  g_autofree char *place = g_strdup_printf ("%d %d %d %d %d %d", look->kind, look->in_front,
                                            rect->x, rect->y, rect->width, rect->height);
  g_autofree char *line = NULL;

  if (mcu_element_has_image (look->kind))
    return image == NULL ? NULL
                         : g_strdup_printf ("%s %" G_GUINT64_FORMAT " %d %d", place,
                                            mcu_image_get_serial (image), look->fit, look->alpha);
  if (look->kind == MCU_ELEMENT_RECORDING)
    return state->is_recorded ? g_steal_pointer (&place) : NULL;
  line = get_line (look, state);
  if (line == NULL || line[0] == '\0')
    return NULL;
  return g_strdup_printf ("%s %d %d %s", place, look->style, look->align, line);
}

static int
align (McuElementAlign side, int outer, int inner)
{
  switch (side) {
  case MCU_ALIGN_LEFT:
    return 0;
  case MCU_ALIGN_RIGHT:
    return mcu_even_down (outer - inner);
  case MCU_ALIGN_CENTRE:
  case MCU_ALIGN_N:
    break;
  }
  return mcu_even_down ((outer - inner) / 2);
}

/* FALSE when there is no room for it. */
static gboolean
draw (Drawing *drawing, const McuElementBox *box, const McuElementState *state,
      const McuImage *image)
{
  const McuElementLook *look = &box->look;
  const McuRect *rect = &box->rect;
  g_autofree char *line = NULL;
  McuRect inner = {0};

  if (image != NULL) {
    drawing->overlay = mcu_image_draw (image, look->fit, rect->width, rect->height, look->alpha,
                                       &inner);
  } else if (look->kind == MCU_ELEMENT_RECORDING) {
    drawing->overlay = mcu_decor_dot (MIN (rect->width, rect->height));
  } else {
    line = get_line (look, state);
    drawing->overlay = mcu_decor_line (line, look->style, look->align, rect->width, rect->height);
  }
  if (drawing->overlay == NULL)
    return FALSE;
  if (image == NULL) {
    inner.x = align (look->align, rect->width, mcu_overlay_get_width (drawing->overlay));
    inner.y = mcu_even_down ((rect->height - mcu_overlay_get_height (drawing->overlay)) / 2);
  }
  drawing->x = rect->x + inner.x;
  drawing->y = rect->y + inner.y;
  return TRUE;
}

static const Drawing *
find (const McuElements *self, const char *key)
{
  for (guint i = 0; self != NULL && i < self->drawings->len; i++) {
    const Drawing *drawing = &g_array_index (self->drawings, Drawing, i);

    if (strcmp (drawing->key, key) == 0)
      return drawing;
  }
  return NULL;
}

static void
add (McuElements *self, const McuElementBox *box, const McuElementState *state,
     const McuElements *before)
{
  McuImage *image = mcu_element_has_image (box->look.kind) && state->find_image != NULL
                        ? state->find_image (box->look.image, state->user_data)
                        : NULL;
  g_autofree char *key = get_key (box, state, image);
  const Drawing *known = key != NULL ? find (before, key) : NULL;
  Drawing drawing = {.in_front = box->look.in_front};

  if (key == NULL)
    return;
  if (known != NULL) {
    drawing = *known;
    mcu_overlay_ref (drawing.overlay);
  } else if (!draw (&drawing, box, state, image)) {
    return;
  }
  drawing.key = g_steal_pointer (&key);
  g_array_append_val (self->drawings, drawing);
}

static gboolean
is_same (const McuElements *a, const McuElements *b)
{
  if (a->drawings->len != b->drawings->len)
    return FALSE;
  for (guint i = 0; i < a->drawings->len; i++)
    if (strcmp (g_array_index (a->drawings, Drawing, i).key,
                g_array_index (b->drawings, Drawing, i).key) != 0)
      return FALSE;
  return TRUE;
}

McuElements *
mcu_elements_new (const McuElementBox *boxes, guint n, const McuElementState *state,
                  McuElements *before)
{
  g_autoptr (McuElements) self = g_new0 (McuElements, 1);

  g_atomic_ref_count_init (&self->refs);
  self->drawings = g_array_new (FALSE, FALSE, sizeof (Drawing));
  g_array_set_clear_func (self->drawings, clear_drawing);
  for (guint i = 0; i < n; i++)
    add (self, &boxes[i], state, before);
  if (self->drawings->len == 0)
    return NULL;
  if (before != NULL && is_same (self, before))
    return mcu_elements_ref (before);
  return g_steal_pointer (&self);
}

McuElements *
mcu_elements_ref (McuElements *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
mcu_elements_unref (McuElements *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->drawings);
  g_free (self);
}

void
mcu_elements_blend (const McuElements *self, gboolean in_front, McuPicture *out,
                    const McuRect *clip)
{
  for (guint i = 0; self != NULL && i < self->drawings->len; i++) {
    const Drawing *drawing = &g_array_index (self->drawings, Drawing, i);

    if (!drawing->in_front == !in_front)
      mcu_overlay_blend_within (drawing->overlay, out, drawing->x, drawing->y, clip);
  }
}

void
mcu_elements_warm_up (void)
{
  tzset ();
}
