/* tests/fuzz/driver.c - runs a fuzz target over its corpus and seeded mutations of it.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Usage: driver CORPUS-DIRECTORY N-MUTATIONS. The same seed gives the same inputs; the one that
 * fails is written to ./crash-input. */
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

#define SEED 19760417
#define MAX_BYTES (64 * 1024)

static GByteArray *current; /* for the handler of SIGABRT */

static void
write_current (int signal_number)
{
  g_file_set_contents ("crash-input", (const char *) current->data, current->len, NULL);
  _Exit (1);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static GPtrArray *
read_corpus (const char *path)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, by_name); /* the same order everywhere */
  for (guint i = 0; i < names->len; i++) {
    char *text;
    gsize n;

    if (g_file_get_contents (names->pdata[i], &text, &n, NULL))
      g_ptr_array_add (corpus, g_byte_array_new_take ((guint8 *) text, n));
  }

  return corpus;
}

static guint
below (GRand *rand, guint n)
{
  return n > 0 ? (guint) g_rand_int_range (rand, 0, (gint) n) : 0;
}

static void
splice (GByteArray *input, GRand *rand, const GByteArray *other)
{
  guint from = below (rand, other->len);
  guint n = below (rand, MIN (other->len - from, 256) + 1);
  guint at = below (rand, input->len + 1);
  g_autofree guint8 *tail = g_memdup2 (input->data + at, input->len - at);
  guint tail_length = input->len - at;

  g_byte_array_set_size (input, at);
  g_byte_array_append (input, other->data + from, n);
  if (tail_length > 0)
    g_byte_array_append (input, tail, tail_length);
}

static void
mutate (GByteArray *input, GRand *rand, const GByteArray *other)
{
  static const guint8 edges[] = {0, 1, 0x7f, 0x80, 0xff, '\n', '\r', ' ', ':', '9', '0'};
  guint at = below (rand, input->len);

  switch (below (rand, 6)) {
  case 0:
    if (input->len > 0)
      input->data[at] ^= (guint8) (1u << below (rand, 8));
    break;
  case 1:
    if (input->len > 0)
      input->data[at] = edges[below (rand, G_N_ELEMENTS (edges))];
    break;
  case 2:
    if (input->len > 0)
      g_byte_array_remove_range (input, at, below (rand, MIN (input->len - at, 64)) + 1);
    break;
  case 3:
    g_byte_array_set_size (input, at);
    break;
  case 4:
    if (input->len > 0)
      input->data[at] = (guint8) below (rand, 256);
    break;
  default:
    if (input->len < MAX_BYTES)
      splice (input, rand, other);
    break;
  }
}

static void
run (GByteArray *input)
{
  /* Exactly as long as it says, so that ASan sees a read behind it. */
  guint8 *exact = malloc (input->len > 0 ? input->len : 1);

  if (input->len > 0)
    memcpy (exact, input->data, input->len);
  current = input;
  LLVMFuzzerTestOneInput (exact, input->len);
  free (exact);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) corpus = argc > 2 ? read_corpus (argv[1]) : NULL;
  GRand *rand = g_rand_new_with_seed (SEED);

  if (corpus == NULL || corpus->len == 0) {
    g_printerr ("usage: %s CORPUS-DIRECTORY N-MUTATIONS; the corpus may not be empty\n", argv[0]);
    return 2;
  }

  signal (SIGABRT, write_current);
  g_random_set_seed (SEED);
  for (guint i = 0; i < corpus->len; i++)
    run (corpus->pdata[i]);
  for (guint64 n = g_ascii_strtoull (argv[2], NULL, 10); n > 0; n--) {
    const GByteArray *seed = corpus->pdata[below (rand, corpus->len)];
    g_autoptr (GByteArray) input = g_byte_array_new ();

    g_byte_array_append (input, seed->data, seed->len);
    for (guint rounds = below (rand, 5) + 1; rounds > 0; rounds--)
      mutate (input, rand, corpus->pdata[below (rand, corpus->len)]);
    run (input);
  }

  g_rand_free (rand);
  return 0;
}
