/* tests/fuzz/fuzz-candidate.c - one candidate line.
 * SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <string.h>

#include "pipelines/peer/candidate.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  McuCandidate c, again;

  if (mcu_candidate_parse ((const char *) data, (gssize) size, size % 2 == 0, &c) !=
      MCU_CANDIDATE_OK)
    return 0;

  /* What we write we read again as the same. */
  g_autofree char *first = mcu_candidate_to_string (&c);
  g_assert_cmpint (mcu_candidate_parse (first, -1, TRUE, &again), ==, MCU_CANDIDATE_OK);
  g_autofree char *second = mcu_candidate_to_string (&again);
  g_assert_cmpstr (first, ==, second);
  g_assert_null (strpbrk (first, "\r\n"));
  return 0;
}
