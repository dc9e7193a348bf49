/* pipelines/peer/candidate.c - one ICE candidate line, taken apart and put together again.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/candidate.h"

#include <arpa/inet.h>
#include <string.h>

#include "pipelines/peer/sdp-text.h"

static const char *const type_names[] = {"host", "srflx", "prflx", "relay"};

typedef enum
{
  REACH_NONE, /* nobody can be there */
  REACH_LOOPBACK,
  REACH_LOCAL, /* private networks, link-local, carrier-grade NAT */
  REACH_PUBLIC
} Reach;

static Reach
ipv4_reach (const guint8 *a)
{
  if (a[0] == 0 || a[0] >= 224)
    return REACH_NONE;
  if (a[0] == 127)
    return REACH_LOOPBACK;
  if (a[0] == 10 || (a[0] == 172 && (a[1] & 0xf0) == 16) || (a[0] == 192 && a[1] == 168) ||
      (a[0] == 169 && a[1] == 254) || (a[0] == 100 && (a[1] & 0xc0) == 64))
    return REACH_LOCAL;
  return REACH_PUBLIC;
}

static Reach
ipv6_reach (const guint8 *a)
{
  static const guint8 zeros[16];

  /* ::, and what would hide an IPv4 address from the rules above (::ffff:0:0/96, ::/96). */
  if (memcmp (a, zeros, 10) == 0 &&
      ((a[10] == 0xff && a[11] == 0xff) || (a[10] == 0 && a[11] == 0))) {
    gboolean loopback = a[10] == 0 && memcmp (a + 12, zeros, 3) == 0 && a[15] == 1;
    return loopback ? REACH_LOOPBACK : REACH_NONE;
  }
  if (a[0] == 0xff)
    return REACH_NONE;
  if ((a[0] & 0xfe) == 0xfc || (a[0] == 0xfe && (a[1] & 0x80) != 0))
    return REACH_LOCAL;
  return REACH_PUBLIC;
}

/* FALSE when @text is no literal; @spelled (nullable) gets the one spelling of it. */
static gboolean
read_address (const char *text, gboolean *is_ipv6, Reach *reach, char *spelled)
{
  guint8 bytes[16];

  *is_ipv6 = strchr (text, ':') != NULL;
  if (inet_pton (*is_ipv6 ? AF_INET6 : AF_INET, text, bytes) != 1)
    return FALSE;
  *reach = *is_ipv6 ? ipv6_reach (bytes) : ipv4_reach (bytes);
  if (spelled != NULL)
    inet_ntop (*is_ipv6 ? AF_INET6 : AF_INET, bytes, spelled, MCU_ADDRESS_MAX);
  return TRUE;
}

gboolean
mcu_address_is_literal (const char *text, gboolean *is_ipv6)
{
  gboolean v6;
  Reach reach;
  gboolean literal = read_address (text, &v6, &reach, NULL);

  if (literal && is_ipv6 != NULL)
    *is_ipv6 = v6;
  return literal;
}

gboolean
mcu_candidate_is_public (const McuCandidate *candidate)
{
  gboolean is_ipv6;
  Reach reach;

  return read_address (candidate->address, &is_ipv6, &reach, NULL) && reach == REACH_PUBLIC;
}

static gboolean
take_number (const char **cursor, guint64 max, guint64 *out)
{
  mcu_sdp_skip_spaces (cursor);
  return mcu_sdp_take_uint (cursor, max, out) && (**cursor == ' ' || **cursor == '\0');
}

static McuCandidateResult
judge_address (const char *text, gboolean allow_loopback, McuCandidate *out)
{
  Reach reach;

  if (g_str_has_suffix (text, ".local") || g_str_has_suffix (text, ".local."))
    return MCU_CANDIDATE_IGNORE;
  if (!read_address (text, &out->is_ipv6, &reach, out->address) || reach == REACH_NONE)
    return MCU_CANDIDATE_BAD;
  if (reach == REACH_LOOPBACK && !allow_loopback)
    return MCU_CANDIDATE_IGNORE;
  return MCU_CANDIDATE_OK;
}

static gboolean
read_type (const char **cursor, McuCandidate *out)
{
  char word[8];

  if (!mcu_sdp_take_word (cursor, word, sizeof word) || strcmp (word, "typ") != 0 ||
      !mcu_sdp_take_word (cursor, word, sizeof word))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (strcmp (word, type_names[i]) == 0) {
      out->type = (McuCandidateType) i;
      return TRUE;
    }
  return FALSE;
}

/* Pairs of name and value behind the type; unknown ones are passed over. */
static gboolean
read_extensions (const char *cursor, McuCandidate *out)
{
  char name[64], value[MCU_CANDIDATE_MAX_BYTES + 1];

  while (mcu_sdp_take_word (&cursor, name, sizeof name)) {
    gboolean is_ipv6;
    guint64 port;
    Reach reach;
    const char *p = value;

    if (!mcu_sdp_take_word (&cursor, value, sizeof value))
      return FALSE;
    if (strcmp (name, "raddr") == 0) {
      /* Not fatal: browsers hide it (0.0.0.0, or a ".local" name). */
      if (!read_address (value, &is_ipv6, &reach, out->related_address))
        out->related_address[0] = '\0';
    } else if (strcmp (name, "rport") == 0) {
      if (!mcu_sdp_take_uint (&p, 65535, &port) || *p != '\0')
        return FALSE;
      out->related_port = (guint16) port;
    } else if (strcmp (name, "ufrag") == 0) {
      if (!mcu_sdp_is_ice_word (value, 1))
        return FALSE;
      g_strlcpy (out->ufrag, value, sizeof out->ufrag);
    }
  }

  mcu_sdp_skip_spaces (&cursor);
  return *cursor == '\0';
}

/* @cursor behind "candidate:" */
static McuCandidateResult
read_candidate (const char *cursor, gboolean allow_loopback, McuCandidate *out)
{
  guint64 component, priority, port;
  char transport[8], address[MCU_CANDIDATE_MAX_BYTES + 1];

  if (!mcu_sdp_take_word (&cursor, out->foundation, sizeof out->foundation) ||
      !mcu_sdp_is_ice_word (out->foundation, 1) || !take_number (&cursor, 256, &component) ||
      !mcu_sdp_take_word (&cursor, transport, sizeof transport) ||
      !take_number (&cursor, G_MAXUINT32, &priority) || priority == 0 ||
      !mcu_sdp_take_word (&cursor, address, sizeof address) ||
      !take_number (&cursor, 65535, &port) || !read_type (&cursor, out) ||
      !read_extensions (cursor, out))
    return MCU_CANDIDATE_BAD;
  if (component != 1 || g_ascii_strcasecmp (transport, "udp") != 0)
    return MCU_CANDIDATE_IGNORE;
  if (port == 0)
    return MCU_CANDIDATE_BAD;

  out->priority = (guint32) priority;
  out->port = (guint16) port;
  return judge_address (address, allow_loopback, out);
}

McuCandidateResult
mcu_candidate_parse (const char *text, gssize length, gboolean allow_loopback, McuCandidate *out)
{
  gsize n = length >= 0 ? (gsize) length : strnlen (text, MCU_CANDIDATE_MAX_BYTES + 3);
  char line[MCU_CANDIDATE_MAX_BYTES + 3];
  McuCandidate candidate = {0};

  if (n >= sizeof line)
    return MCU_CANDIDATE_BAD;
  for (gsize i = 0; i < n; i++)
    if ((guchar) text[i] < 0x20 || (guchar) text[i] >= 0x7f)
      return MCU_CANDIDATE_BAD;
  memcpy (line, text, n);
  line[n] = '\0';

  const char *cursor = g_str_has_prefix (line, "a=") ? line + 2 : line;
  if (*cursor == '\0' || strcmp (cursor, "end-of-candidates") == 0)
    return MCU_CANDIDATE_END;
  if (!g_str_has_prefix (cursor, "candidate:") || strlen (cursor) > MCU_CANDIDATE_MAX_BYTES)
    return MCU_CANDIDATE_BAD;

  McuCandidateResult result = read_candidate (cursor + 10, allow_loopback, &candidate);
  if (result == MCU_CANDIDATE_OK)
    *out = candidate;
  return result;
}

char *
mcu_candidate_to_string (const McuCandidate *c)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "candidate:%s 1 UDP %u %s %u typ %s", c->foundation, c->priority,
                          c->address, c->port, type_names[c->type]);
  /* RFC 8839: a host has no related address, all others must have one. */
  if (c->type != MCU_CANDIDATE_HOST)
    g_string_append_printf (out, " raddr %s rport %u",
                            c->related_address[0] != '\0' ? c->related_address
                            : c->is_ipv6                  ? "::"
                                                          : "0.0.0.0",
                            c->related_port);
  if (c->ufrag[0] != '\0')
    g_string_append_printf (out, " ufrag %s", c->ufrag);

  return g_string_free (out, FALSE);
}

gboolean
mcu_candidate_budget_take (McuCandidateBudget *budget)
{
  if (budget->used >= MCU_CANDIDATES_MAX)
    return FALSE;
  budget->used++;
  return TRUE;
}
