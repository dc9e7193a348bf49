/* layouts/seats-private.h - the table while people are being seated. Used by seats*.c only.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "layouts/seats.h"

/** McuGuest: one picture of one person that wants a chair. */
typedef struct
{
  const McuLayoutPerson *person;
  int index; /* of the person */
  McuVideo stream;
  const McuSeat *before; /* (nullable): where they sat */
  McuChair *chair;       /* (nullable): where they sit */
} McuGuest;

typedef struct
{
  McuChair *chairs;
  guint n_chairs;
  McuGuest *guests;
  guint n_guests;
  guint hold_ms;
  gint64 now_ms;
  gint64 again_ms;
} McuTable;

/** mcu_table_seat: @guest sits down on @chair, which is empty. */
void mcu_table_seat (McuTable *self, McuGuest *guest, McuChair *chair);
/** mcu_table_unseat: the one on @chair stands up. Returns: (nullable): who. */
McuGuest *mcu_table_unseat (McuTable *self, McuChair *chair);
/** mcu_table_sitter: (nullable): who is on @chair. */
McuGuest *mcu_table_sitter (McuTable *self, const McuChair *chair);
/** mcu_guest_sat_on: whether @guest had this very chair before. */
gboolean mcu_guest_sat_on (const McuGuest *guest, const McuChair *chair);
/** mcu_guest_compare: < 0 when @a has the better right to be seen: speaker, then recent ones. */
int mcu_guest_compare (const McuGuest *a, const McuGuest *b);
/** mcu_table_is_held: @guest spoke within the hold; notes when that ends. */
gboolean mcu_table_is_held (McuTable *self, gint64 since_ms);

/** mcu_table_seat_roles: all chairs that are not for anybody. */
void mcu_table_seat_roles (McuTable *self);
/** mcu_table_seat_rest: the chairs for anybody. */
void mcu_table_seat_rest (McuTable *self);
