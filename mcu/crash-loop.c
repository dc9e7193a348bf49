/* mcu/crash-loop.c - who is blamed when a room process dies again and again: decisions, no I/O.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/crash-loop.h"

#include "mcu/times.h"

/* Answers and refusals that are kept: far more than people in a room, so that only a flood of
 * short-lived participants could push one out. */
#define MAX_REMEMBERED 1000

typedef struct
{
  gboolean unanswered;
  gint64 answered_us;
} Ask;

struct _McuCrashLoop
{
  GHashTable *asks;     /* who -> Ask, owned: of this process */
  GHashTable *refused;  /* who -> gint64 until, owned */
  GHashTable *suspects; /* (nullable): set, of the last death */
  GArray *deaths;       /* of gint64: the last ten minutes' */

  /* The one-by-one return. */
  gboolean one_by_one;
  GQueue queue;    /* of char*, owned: who has not had a turn */
  GHashTable *had; /* set: who has */
  char *turn;      /* owned (nullable): whose it is */
  gint64 turn_end_us;
};

static GHashTable *
new_set (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static GHashTable *
new_map (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

McuCrashLoop *
mcu_crash_loop_new (void)
{
  McuCrashLoop *self = g_new0 (McuCrashLoop, 1);

  self->asks = new_map ();
  self->refused = new_map ();
  self->deaths = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->had = new_set ();
  g_queue_init (&self->queue);
  return self;
}

void
mcu_crash_loop_free (McuCrashLoop *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->asks);
  g_hash_table_unref (self->refused);
  g_clear_pointer (&self->suspects, g_hash_table_unref);
  g_array_unref (self->deaths);
  g_queue_clear_full (&self->queue, g_free);
  g_hash_table_unref (self->had);
  g_free (self->turn);
  g_free (self);
}

static gboolean
is_old_ask (gpointer who, gpointer value, gpointer now)
{
  const Ask *ask = value;

  return !ask->unanswered &&
         *(gint64 *) now - ask->answered_us > mcu_times_us (2 * MCU_CRASH_SUSPECT_MS);
}

void
mcu_crash_loop_asked (McuCrashLoop *self, const char *who, gint64 now_us)
{
  Ask *ask = g_hash_table_lookup (self->asks, who);

  if (ask == NULL) {
    if (g_hash_table_size (self->asks) >= MAX_REMEMBERED)
      g_hash_table_foreach_remove (self->asks, is_old_ask, &now_us);
    if (g_hash_table_size (self->asks) >= MAX_REMEMBERED)
      g_hash_table_remove_all (self->asks);
    ask = g_new0 (Ask, 1);
    g_hash_table_insert (self->asks, g_strdup (who), ask);
  }
  ask->unanswered = TRUE;
}

void
mcu_crash_loop_answered (McuCrashLoop *self, const char *who, gint64 now_us)
{
  Ask *ask = g_hash_table_lookup (self->asks, who);

  if (ask == NULL)
    return;
  ask->unanswered = FALSE;
  ask->answered_us = now_us;
}

void
mcu_crash_loop_connected (McuCrashLoop *self, const char *who, gint64 now_us)
{
  gint64 end = now_us + mcu_times_us (MCU_CRASH_TURN_AFTER_CONNECT_MS);

  if (g_strcmp0 (self->turn, who) == 0)
    self->turn_end_us = MIN (self->turn_end_us, end);
}

static void
unqueue (McuCrashLoop *self, const char *who)
{
  GList *link = g_queue_find_custom (&self->queue, who, (GCompareFunc) g_strcmp0);

  if (link == NULL)
    return;
  g_free (link->data);
  g_queue_delete_link (&self->queue, link);
}

void
mcu_crash_loop_left (McuCrashLoop *self, const char *who)
{
  unqueue (self, who);
  if (g_strcmp0 (self->turn, who) == 0)
    self->turn_end_us = 0;
}

static GHashTable *
find_suspects (McuCrashLoop *self, gint64 well_us)
{
  GHashTable *suspects = new_set ();
  GHashTableIter iter;
  gpointer who, value;

  g_hash_table_iter_init (&iter, self->asks);
  while (g_hash_table_iter_next (&iter, &who, &value)) {
    const Ask *ask = value;
    if (ask->unanswered || well_us - ask->answered_us < mcu_times_us (MCU_CRASH_SUSPECT_MS))
      g_hash_table_add (suspects, g_strdup (who));
  }
  return suspects;
}

/* Returns: (transfer full) (nullable): the one that is in both. */
static char *
find_single_common (GHashTable *a, GHashTable *b)
{
  const char *common = NULL;
  GHashTableIter iter;
  gpointer who;

  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &who, NULL)) {
    if (!g_hash_table_contains (b, who))
      continue;
    if (common != NULL)
      return NULL;
    common = who;
  }
  return g_strdup (common);
}

static gboolean
is_over (gpointer who, gpointer until, gpointer now)
{
  return *(gint64 *) until <= *(gint64 *) now;
}

static void
refuse (McuCrashLoop *self, const char *who, gint64 now_us)
{
  gint64 *until = g_new (gint64, 1);

  g_hash_table_foreach_remove (self->refused, is_over, &now_us);
  *until = now_us + mcu_times_us (MCU_CRASH_REFUSE_MS);
  g_hash_table_insert (self->refused, g_strdup (who), until);
  unqueue (self, who);
}

static void
forget_old_deaths (McuCrashLoop *self, gint64 now_us)
{
  while (self->deaths->len > 0 &&
         now_us - g_array_index (self->deaths, gint64, 0) >= mcu_times_us (MCU_CRASH_WINDOW_MS))
    g_array_remove_index (self->deaths, 0);
}

static void
start_one_by_one (McuCrashLoop *self, const char *const *people)
{
  self->one_by_one = TRUE;
  g_queue_clear_full (&self->queue, g_free);
  g_hash_table_remove_all (self->had);
  g_clear_pointer (&self->turn, g_free);
  for (gsize i = 0; people[i] != NULL; i++)
    if (!g_hash_table_contains (self->refused, people[i]))
      g_queue_push_tail (&self->queue, g_strdup (people[i]));
}

McuCrashVerdict
mcu_crash_loop_died (McuCrashLoop *self, const char *const *people, gint64 well_us, gint64 now_us,
                     char **blamed)
{
  g_autoptr (GHashTable) suspects = find_suspects (self, well_us);
  g_autofree char *guilty = g_strdup (self->turn);
  gint64 last;
  gboolean pair;

  forget_old_deaths (self, now_us);
  last = self->deaths->len > 0 ? g_array_index (self->deaths, gint64, self->deaths->len - 1) : 0;
  pair = self->deaths->len > 0 && now_us - last < mcu_times_us (MCU_CRASH_PAIR_MS);
  if (guilty == NULL && pair && self->suspects != NULL)
    guilty = find_single_common (self->suspects, suspects);
  g_array_append_val (self->deaths, now_us);
  g_clear_pointer (&self->suspects, g_hash_table_unref);
  self->suspects = g_steal_pointer (&suspects);
  g_hash_table_remove_all (self->asks);

  if (guilty != NULL) {
    refuse (self, guilty, now_us);
    /* Who is found out is no reason to suspect anybody else. */
    g_clear_pointer (&self->suspects, g_hash_table_unref);
  }
  if (self->deaths->len > MCU_CRASH_MAX_RESTARTS) {
    *blamed = g_steal_pointer (&guilty);
    return MCU_CRASH_END;
  }
  if ((pair && guilty == NULL) || self->one_by_one)
    start_one_by_one (self, people);
  *blamed = g_steal_pointer (&guilty);
  return self->one_by_one ? MCU_CRASH_ONE_BY_ONE : MCU_CRASH_ALL_BACK;
}

static gboolean
is_calm (McuCrashLoop *self, gint64 now_us)
{
  gint64 last = g_array_index (self->deaths, gint64, self->deaths->len - 1);

  return now_us - last >= mcu_times_us (MCU_CRASH_PAIR_MS);
}

static const char *
begin_turn (McuCrashLoop *self, char *who, gint64 now_us)
{
  self->turn = who;
  self->turn_end_us = now_us + mcu_times_us (MCU_CRASH_TURN_MS);
  g_hash_table_add (self->had, g_strdup (who));
  return self->turn;
}

const char *
mcu_crash_loop_next (McuCrashLoop *self, gint64 now_us)
{
  if (!self->one_by_one || (self->turn != NULL && now_us < self->turn_end_us))
    return NULL;
  g_clear_pointer (&self->turn, g_free);
  if (!g_queue_is_empty (&self->queue))
    return begin_turn (self, g_queue_pop_head (&self->queue), now_us);
  if (is_calm (self, now_us))
    self->one_by_one = FALSE;
  return NULL;
}

gboolean
mcu_crash_loop_is_one_by_one (McuCrashLoop *self)
{
  return self->one_by_one;
}

gboolean
mcu_crash_loop_may_offer (McuCrashLoop *self, const char *who, gint64 now_us)
{
  if (!self->one_by_one || g_hash_table_contains (self->had, who))
    return TRUE;
  if (self->turn == NULL && g_queue_is_empty (&self->queue)) {
    begin_turn (self, g_strdup (who), now_us);
    return TRUE;
  }
  if (g_queue_find_custom (&self->queue, who, (GCompareFunc) g_strcmp0) == NULL &&
      g_queue_get_length (&self->queue) < MAX_REMEMBERED)
    g_queue_push_tail (&self->queue, g_strdup (who));
  return FALSE;
}

guint
mcu_crash_loop_refused_ms (McuCrashLoop *self, const char *who, gint64 now_us)
{
  const gint64 *until = g_hash_table_lookup (self->refused, who);

  return until != NULL && *until > now_us ? (guint) ((*until - now_us + 999) / 1000) : 0;
}
