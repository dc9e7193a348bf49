/* pipelines/record/chapters.c - the chapters of a recording, as control writes them down.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/record/chapters.h"

#include "mcu/base/json-check.h"

static void
clear_chapter (gpointer data)
{
  g_free (((McuChapter *) data)->title);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  guint64 one = ((const McuChapter *) a)->start_ms, other = ((const McuChapter *) b)->start_ms;

  return one < other ? -1 : one > other;
}

GArray *
mcu_chapters_parse (const char *text, gsize size, GError **error)
{
  g_autofree char *wrapped = NULL;
  g_autoptr (JsonObject) object = NULL;
  GArray *chapters;
  JsonArray *array;
  gsize begin = 0;

  while (begin < size && g_ascii_isspace (text[begin]))
    begin++;
  if (begin < size && text[begin] == '[') {
    wrapped = g_strdup_printf ("{\"chapters\":%.*s}", (int) (size - begin), text + begin);
    object = mcu_json_parse_object (wrapped, strlen (wrapped), error);
  } else {
    object = mcu_json_parse_object (text, size, error);
  }
  if (object == NULL)
    return NULL;
  chapters = g_array_new (FALSE, FALSE, sizeof (McuChapter));
  g_array_set_clear_func (chapters, clear_chapter);
  array = mcu_json_array (object, "chapters");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonObject *item = mcu_json_array_object (array, i);
    const char *title = item != NULL ? mcu_json_string (item, "title") : NULL;
    gint64 start_ms = item != NULL ? mcu_json_int (item, "start_ms", -1) : -1;
    McuChapter chapter = {start_ms, NULL};

    if (start_ms < 0 || start_ms > G_MAXINT64 / 10000000 || chapters->len >= MCU_MOVIE_MAX_CHAPTERS)
      continue;
    chapter.title = g_strdup (title != NULL ? title : "");
    g_array_append_val (chapters, chapter);
  }
  g_array_sort (chapters, compare);
  return chapters;
}
