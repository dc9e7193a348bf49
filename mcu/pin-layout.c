/* mcu/pin-layout.c - how a picture with somebody pinned looks.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/pin-layout.h"

#include <string.h>

#include "layouts/layout-file.h"

/* As `speaker`, but that shared screens are among the others: who pins somebody wants them large.
 */
static const char document[] =
    "{\"name\":\"pinned\",\"title\":\"Pinned\",\"arrangements\":["
    "{\"people\":\"1\",\"screens\":\"0\",\"grid\":true},"
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
    "\"aspect\":\"1/1\"}]}]}";

McuLayout *
mcu_pin_layout_get (void)
{
  static McuLayout *layout; /* for as long as the program runs */

  if (layout == NULL) {
    g_autoptr (GError) error = NULL;

    layout = mcu_layout_parse (document, strlen (document), "pinned", &error);
    g_assert_no_error (error);
  }
  return mcu_layout_ref (layout);
}
