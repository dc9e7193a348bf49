/* signaling/metrics-text.c - Prometheus' text format.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/metrics-text.h"

#include <string.h>

struct _McuMetricsText
{
  GString *text;
  char *family; /* (nullable) owned: whose HELP and TYPE stand already */
};

static const char *const type_names[] = {"counter", "gauge", "histogram"};

McuMetricsText *
mcu_metrics_text_new (void)
{
  McuMetricsText *self = g_new0 (McuMetricsText, 1);

  self->text = g_string_new (NULL);
  return self;
}

void
mcu_metrics_text_add (McuMetricsText *self, const char *name, McuMetricsTextType type,
                      const char *help, const char *suffix, const char *labels, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (g_strcmp0 (self->family, name) != 0) {
    g_free (self->family);
    self->family = g_strdup (name);
    g_string_append_printf (self->text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
                            type_names[type]);
  }
  g_string_append_printf (self->text, "%s%s", name, suffix);
  if (*labels != '\0')
    g_string_append_printf (self->text, "{%s}", labels);
  g_string_append_printf (self->text, " %s\n", g_ascii_dtostr (number, sizeof number, value));
}

char *
mcu_metrics_text_finish (McuMetricsText *self)
{
  char *text = g_string_free (self->text, FALSE);

  g_free (self->family);
  g_free (self);
  return text;
}
