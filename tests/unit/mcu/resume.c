/* tests/unit/mcu/resume.c - tokens that we signed, and all others.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/resume.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

static char *directory;

static const McuResume somebody = {.room = (char *) "weekly",
                                   .participant = (char *) "p_1",
                                   .name = (char *) "민수 \"x\"",
                                   .role = MCU_ROLE_MODERATOR,
                                   .issued_at_s = 1000};

static char *
key_path (void)
{
  return g_build_filename (directory, "resume.key", NULL);
}

static void
test_resume__round_trip (void)
{
  g_autoptr (McuResumeKey) key = mcu_resume_key_open (directory, NULL);
  g_autofree char *token = mcu_resume_sign (key, &somebody);
  g_autoptr (McuResume) resume = mcu_resume_verify (key, token, 1010);

  g_assert_nonnull (resume);
  g_assert_cmpstr (resume->room, ==, somebody.room);
  g_assert_cmpstr (resume->participant, ==, somebody.participant);
  g_assert_cmpstr (resume->name, ==, somebody.name);
  g_assert_cmpint (resume->role, ==, somebody.role);
}

static void
test_resume__survives_a_restart (void)
{
  g_autoptr (McuResumeKey) before = mcu_resume_key_open (directory, NULL);
  g_autofree char *token = mcu_resume_sign (before, &somebody);
  g_autoptr (McuResumeKey) after = mcu_resume_key_open (directory, NULL);
  g_autoptr (McuResume) resume = mcu_resume_verify (after, token, 1010);
  g_autofree char *path = key_path ();
  struct stat info;

  g_assert_nonnull (resume);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (info.st_size, ==, 32);
}

static void
test_resume__every_changed_byte_is_seen (void)
{
  g_autoptr (McuResumeKey) key = mcu_resume_key_open (directory, NULL);
  g_autofree char *token = mcu_resume_sign (key, &somebody);

  for (gsize i = 0; i < strlen (token) - 1; i++) { /* the last one's low bits mean nothing */
    g_autofree char *bad = g_strdup (token);
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    g_assert_null (mcu_resume_verify (key, bad, 1010));
  }
}

static void
test_resume__refuses_the_rest (void)
{
  g_autoptr (McuResumeKey) key = mcu_resume_key_open (directory, NULL);
  g_autofree char *token = mcu_resume_sign (key, &somebody);
  g_autofree char *cut = g_strndup (token, strlen (token) - 8);
  g_autofree char *big = g_strnfill (100000, 'a');

  g_assert_null (mcu_resume_verify (key, NULL, 1010));
  g_assert_null (mcu_resume_verify (key, "", 1010));
  g_assert_null (mcu_resume_verify (key, ".", 1010));
  g_assert_null (mcu_resume_verify (key, "e30.", 1010));
  g_assert_null (mcu_resume_verify (key, cut, 1010));
  g_assert_null (mcu_resume_verify (key, big, 1010));
  g_assert_null (mcu_resume_verify (key, token, 1001 + MCU_RESUME_MAX_AGE_S));
}

static void
test_resume__another_servers_token (void)
{
  g_autoptr (McuResumeKey) ours = mcu_resume_key_open (directory, NULL);
  g_autofree char *path = key_path ();
  g_autofree char *token = mcu_resume_sign (ours, &somebody);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_autoptr (McuResumeKey) other = mcu_resume_key_open (directory, NULL);
  g_assert_null (mcu_resume_verify (other, token, 1010));
}

static void
test_resume__a_key_that_others_read_is_none (void)
{
  g_autofree char *path = key_path ();
  g_autoptr (GError) error = NULL;

  mcu_resume_key_free (mcu_resume_key_open (directory, NULL));
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  g_assert_null (mcu_resume_key_open (directory, &error));
  g_assert_nonnull (error);
  g_unlink (path);
}

#define add(name) g_test_add_func ("/resume/" #name, test_resume__##name)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  directory = g_dir_make_tmp ("tessera-resume-XXXXXX", NULL);
  add (round_trip);
  add (survives_a_restart);
  add (every_changed_byte_is_seen);
  add (refuses_the_rest);
  add (another_servers_token);
  add (a_key_that_others_read_is_none);
  int result = g_test_run ();
  g_rmdir (directory);
  g_free (directory);
  return result;
}
