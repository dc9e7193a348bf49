/* layouts/fraction.c - parts of a canvas, exact.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/fraction.h"

#include <math.h>

/* At most four digits, no sign, no space. */
static gboolean
read_term (const char **text, gint64 *term)
{
  const char *start = *text;

  *term = 0;
  while (g_ascii_isdigit (**text) && *text - start < 4)
    *term = *term * 10 + (*(*text)++ - '0');
  return *text > start;
}

gboolean
mcu_fraction_from_string (const char *text, McuFraction *out)
{
  McuFraction read;

  if (text == NULL || !read_term (&text, &read.num) || *text++ != '/' ||
      !read_term (&text, &read.den) || *text != '\0' || read.den == 0)
    return FALSE;
  *out = read;
  return TRUE;
}

gboolean
mcu_fraction_from_double (double number, McuFraction *out)
{
  if (!(number >= 0 && number <= 1))
    return FALSE;
  out->num = (gint64) floor (number * MCU_FRACTION_RESOLUTION + 0.5);
  out->den = MCU_FRACTION_RESOLUTION;
  return TRUE;
}

McuFraction
mcu_fraction_add (const McuFraction *a, const McuFraction *b)
{
  McuFraction sum = {a->num * b->den + b->num * a->den, a->den * b->den};

  return sum;
}

int
mcu_fraction_compare (const McuFraction *a, const McuFraction *b)
{
  gint64 left = a->num * b->den, right = b->num * a->den;

  return (left > right) - (left < right);
}

int
mcu_fraction_of_even (const McuFraction *self, int length)
{
  return (int) (2 * ((self->num * length + self->den) / (2 * self->den)));
}
