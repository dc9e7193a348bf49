/* tests/unit/base/hop.c - from another thread to the owner's, in order, and never too late.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/hop.h"

typedef struct
{
  McuHop *hop;
  GThread *thread; /* the owner's */
  guint n_run;
  gint n_freed; /* atomic */
} Owner;

typedef struct
{
  Owner *owner;
  guint number;
} Datum;

static void
on_land (gpointer owner, gpointer data)
{
  Owner *self = owner;
  Datum *datum = data;

  g_assert_true (g_thread_self () == self->thread);
  g_assert_cmpuint (datum->number, ==, self->n_run);
  self->n_run++;
}

static void
free_datum (gpointer data)
{
  Datum *datum = data;

  g_atomic_int_inc (&datum->owner->n_freed);
  g_free (datum);
}

static gpointer
send_many (gpointer data)
{
  Owner *owner = data;

  for (guint i = 0; i < 1000; i++) {
    Datum *datum = g_new0 (Datum, 1);
    datum->owner = owner;
    datum->number = i;
    mcu_hop_send (owner->hop, on_land, datum, free_datum);
  }
  return NULL;
}

static void
test_hop__keeps_order_on_the_owners_thread (void)
{
  Owner owner = {.thread = g_thread_self ()};
  GThread *thread;

  owner.hop = mcu_hop_new (NULL, &owner);
  thread = g_thread_new ("sender", send_many, &owner);
  while (owner.n_run < 1000)
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  g_assert_cmpint (g_atomic_int_get (&owner.n_freed), ==, 1000);
  mcu_hop_close (owner.hop);
  mcu_hop_unref (owner.hop);
}

static void
test_hop__nothing_arrives_after_close (void)
{
  Owner owner = {.thread = g_thread_self ()};

  owner.hop = mcu_hop_new (NULL, &owner);
  g_thread_join (g_thread_new ("sender", send_many, &owner));
  mcu_hop_close (owner.hop);
  while (g_main_context_iteration (NULL, FALSE)) {
  }
  g_assert_cmpuint (owner.n_run, ==, 0);
  g_assert_cmpint (g_atomic_int_get (&owner.n_freed), ==, 1000);
  mcu_hop_unref (owner.hop);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hop/keeps_order_on_the_owners_thread",
                   test_hop__keeps_order_on_the_owners_thread);
  g_test_add_func ("/hop/nothing_arrives_after_close", test_hop__nothing_arrives_after_close);
  return g_test_run ();
}
