/* mcu/pin-layout.c - how a picture with somebody pinned looks.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/pin-layout.h"

#include <string.h>

#include "layouts/layout-file.h"
#include "mcu/base/json-check.h"

/* As `speaker`, but that shared screens are among the others: who pins somebody wants them large.
 */
static const char arrangements[] =
    "[{\"people\":\"1\",\"screens\":\"0\",\"grid\":true},"
    "{\"people\":\"2-5\",\"screens\":\"0\",\"orientation\":\"landscape\",\"slots\":["
    "{\"x\":0,\"y\":\"1/8\",\"width\":\"3/4\",\"height\":\"3/4\",\"role\":\"pinned\"},"
    "{\"x\":\"3/4\",\"y\":0,\"width\":\"1/4\",\"height\":1,\"grid\":true,\"max\":4}]},"
    "{\"people\":\"1-4\",\"screens\":\"1\",\"orientation\":\"landscape\",\"slots\":["
    "{\"x\":0,\"y\":\"1/8\",\"width\":\"3/4\",\"height\":\"3/4\",\"role\":\"pinned\"},"
    "{\"x\":\"3/4\",\"y\":0,\"width\":\"1/4\",\"height\":1,\"grid\":true,\"max\":4}]},"
    "{\"people\":\"1+\",\"orientation\":\"landscape\",\"slots\":["
    "{\"x\":0,\"y\":0,\"width\":\"3/4\",\"height\":\"3/4\",\"role\":\"pinned\"},"
    "{\"x\":\"3/4\",\"y\":0,\"width\":\"1/4\",\"height\":1,\"grid\":true,\"max\":4},"
    "{\"x\":0,\"y\":\"3/4\",\"width\":\"3/4\",\"height\":\"1/4\",\"grid\":true,\"max\":3}]},"
    "{\"people\":\"1+\",\"orientation\":\"portrait\",\"slots\":["
    "{\"x\":0,\"y\":0,\"width\":1,\"height\":\"1/2\",\"role\":\"pinned\"},"
    "{\"x\":0,\"y\":\"1/2\",\"width\":1,\"height\":\"1/2\",\"grid\":true,\"max\":12,"
    "\"aspect\":\"1/1\"}]}]";

static McuLayout *
parse (JsonObject *document)
{
  g_autofree char *text = mcu_json_to_text (document);
  g_autoptr (GError) error = NULL;
  McuLayout *layout = mcu_layout_parse (text, strlen (text), "pinned", &error);

  if (layout == NULL)
    g_warning ("%s", error->message);
  return layout;
}

McuLayout *
mcu_pin_layout_new (const McuLayout *like)
{
  g_autoptr (JsonObject) document = mcu_layout_to_json (like);
  g_autoptr (JsonObject) plain = json_object_new ();
  McuLayout *layout;

  json_object_set_string_member (document, "name", "pinned");
  json_object_set_string_member (document, "title", "Pinned");
  json_object_set_boolean_member (document, "hide_without_video", FALSE);
  json_object_set_member (document, "arrangements", json_from_string (arrangements, NULL));
  layout = parse (document);
  if (layout != NULL)
    return layout;
  /* What is written is read again, but for a document at the very bound of its size. */
  json_object_set_string_member (plain, "name", "pinned");
  json_object_set_member (plain, "arrangements", json_from_string (arrangements, NULL));
  return parse (plain);
}
