/* mcu/floor.c - who has the floor: the active speaker, from levels.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/floor.h"

/* Levels come each 100 ms; about three of them make the smoothed level. */
#define SMOOTHING 0.35

typedef struct
{
  double level_dbov;     /* smoothed, while speaking */
  gint64 began_us;       /* this speech */
  gboolean voice;        /* levels come only when they change: this holds until the next one */
  gint64 last_voice_us;  /* 0: never */
  gint64 louder_from_us; /* 0: not louder than the holder */
} Person;

struct _McuFloor
{
  GHashTable *people; /* id -> Person, owned */
  char *speaker;      /* owned (nullable) */
  gint64 changed_us;
};

static gboolean
is_speaking (const Person *person, gint64 now_us)
{
  return person != NULL &&
         (person->voice || (person->last_voice_us != 0 &&
                            now_us - person->last_voice_us <= MCU_FLOOR_PAUSE_MS * 1000));
}

McuFloor *
mcu_floor_new (void)
{
  McuFloor *self = g_new0 (McuFloor, 1);

  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
mcu_floor_free (McuFloor *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->people);
  g_free (self->speaker);
  g_free (self);
}

void
mcu_floor_level (McuFloor *self, const char *who, int level_dbov, gboolean voice, gint64 now_us)
{
  Person *person = g_hash_table_lookup (self->people, who);

  if (person == NULL) {
    person = g_new0 (Person, 1);
    g_hash_table_insert (self->people, g_strdup (who), person);
  }
  if (person->voice)
    person->last_voice_us = now_us; /* it went on until now */
  if (!voice) {
    person->voice = FALSE;
    return;
  }
  if (!is_speaking (person, now_us)) {
    person->began_us = now_us;
    person->level_dbov = level_dbov;
    person->louder_from_us = 0;
  }
  person->voice = TRUE;
  person->last_voice_us = now_us;
  person->level_dbov += SMOOTHING * (level_dbov - person->level_dbov);
}

void
mcu_floor_remove (McuFloor *self, const char *who)
{
  g_hash_table_remove (self->people, who);
}

/* Whether @person may take the floor from @holder, who may be silent or gone. */
static gboolean
has_earned (Person *person, const Person *holder, gint64 now_us)
{
  if (!is_speaking (holder, now_us))
    return now_us - person->began_us >= MCU_FLOOR_TAKE_SILENT_MS * 1000;
  if (person->level_dbov < holder->level_dbov + MCU_FLOOR_TAKE_OVER_DB) {
    person->louder_from_us = 0;
    return FALSE;
  }
  if (person->louder_from_us == 0)
    person->louder_from_us = now_us;
  return now_us - person->louder_from_us >= MCU_FLOOR_TAKE_OVER_MS * 1000;
}

gboolean
mcu_floor_update (McuFloor *self, gint64 now_us)
{
  Person *holder = self->speaker != NULL ? g_hash_table_lookup (self->people, self->speaker) : NULL;
  const char *best_id = NULL;
  const Person *best = NULL;
  GHashTableIter iter;
  gpointer id, value;

  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, &id, &value)) {
    Person *person = value;

    if (person == holder || !is_speaking (person, now_us) || !has_earned (person, holder, now_us))
      continue;
    if (best == NULL || person->level_dbov > best->level_dbov) {
      best = person;
      best_id = id;
    }
  }

  if (best != NULL && (holder == NULL || now_us - self->changed_us >= MCU_FLOOR_HOLD_MS * 1000)) {
    g_free (self->speaker);
    self->speaker = g_strdup (best_id);
    self->changed_us = now_us;
    return TRUE;
  }
  if (self->speaker != NULL && holder == NULL) { /* left, and nobody else speaks */
    g_clear_pointer (&self->speaker, g_free);
    return TRUE;
  }
  return FALSE;
}

const char *
mcu_floor_get_speaker (McuFloor *self)
{
  return self->speaker;
}

gboolean
mcu_floor_is_speaking (McuFloor *self, const char *who, gint64 now_us)
{
  return is_speaking (g_hash_table_lookup (self->people, who), now_us);
}

gint64
mcu_floor_last_voice_us (McuFloor *self, gint64 now_us)
{
  gint64 last_us = 0;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const Person *person = value;

    last_us = MAX (last_us, person->voice ? now_us : person->last_voice_us);
  }
  return last_us;
}
