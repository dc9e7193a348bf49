/* mcu/types.c - names of roles and doors.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/types.h"

const char *
mcu_kind_to_string (McuKind kind)
{
  switch (kind) {
  case MCU_KIND_BROWSER:
    return "browser";
  case MCU_KIND_WHIP:
    return "whip";
  case MCU_KIND_WHEP:
    return "whep";
  case MCU_KIND_INPUT:
    return "input";
  }
  g_assert_not_reached ();
}

const char *
mcu_role_to_string (McuRole role)
{
  switch (role) {
  case MCU_ROLE_VIEWER:
    return "viewer";
  case MCU_ROLE_PARTICIPANT:
    return "participant";
  case MCU_ROLE_MODERATOR:
    return "moderator";
  }
  g_assert_not_reached ();
}

gboolean
mcu_role_from_string (const char *text, McuRole *role)
{
  for (McuRole r = MCU_ROLE_VIEWER; r <= MCU_ROLE_MODERATOR; r++) {
    if (g_strcmp0 (text, mcu_role_to_string (r)) == 0) {
      *role = r;
      return TRUE;
    }
  }
  return FALSE;
}
