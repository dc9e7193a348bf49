/* tests/unit/pipelines/mix/video/lsan.c - what LeakSanitizer is not to report.
 * SPDX-License-Identifier: Apache-2.0 */
const char *__lsan_default_suppressions (void);

/* Pango keeps fontconfig's patterns for the life of a thread, where LeakSanitizer does not look. */
const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\n";
}
