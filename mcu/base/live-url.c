/* mcu/base/live-url.c - the URLs of live outputs and inputs: what is taken, what of them is shown.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/live-url.h"

#include <gio/gio.h>
#include <string.h>

#include "mcu/base/error.h"

/* Source: libsrt's SRTO_PASSPHRASE. */
#define MIN_PASSPHRASE_BYTES 10
#define MAX_PASSPHRASE_BYTES 79
/* Source: libsrt's SRTO_STREAMID. */
#define MAX_STREAM_ID_BYTES 512
#define MAX_LATENCY_MS 8000
#define MAX_HOST_BYTES 253

#define OUTPUT 1
#define INPUT 2

static const struct
{
  const char *name;
  McuLiveScheme scheme;
  guint direction;
  guint port;
  const char *kind;
} schemes[] = {
    {"rtmp", MCU_LIVE_RTMP, OUTPUT, 1935, "rtmp"}, {"rtmps", MCU_LIVE_RTMPS, OUTPUT, 443, "rtmp"},
    {"srt", MCU_LIVE_SRT, OUTPUT, 0, "srt"},       {"rtsp", MCU_LIVE_RTSP, INPUT, 554, "rtsp"},
    {"rtsps", MCU_LIVE_RTSPS, INPUT, 322, "rtsp"}, {"http", MCU_LIVE_HTTP, INPUT, 80, "http"},
    {"https", MCU_LIVE_HTTPS, INPUT, 443, "http"}, {"file", MCU_LIVE_FILE, INPUT, 0, "file"},
};

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST, "url: %s", why);
  return FALSE;
}

/* What a URL is made of (RFC 3986), so no space, no control character, no backslash, no quote. */
static gboolean
is_url_text (const char *text)
{
  gsize length = strlen (text);

  if (length == 0 || length > MCU_LIVE_URL_MAX_BYTES)
    return FALSE;
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("-._~:/?#[]@!$&'()*+,;=%", *c) == NULL)
      return FALSE;
  return TRUE;
}

/* Of decoded text: what a protocol's line or a C string would take for an end. */
static gboolean
is_clean (const char *text)
{
  for (const char *c = text; c != NULL && *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  return text == NULL || g_utf8_validate (text, -1, NULL);
}

static gboolean
is_host (const char *host)
{
  if (host == NULL || *host == '\0' || strlen (host) > MAX_HOST_BYTES)
    return FALSE;
  if (strchr (host, ':') != NULL)
    return g_hostname_is_ip_address (host) && strchr (host, '%') == NULL;
  for (const char *c = host; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("-._", *c) == NULL)
      return FALSE;
  return host[0] != '-' && host[0] != '.';
}

static gboolean
find_scheme (McuLiveUrl *self, const char *name, guint direction, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_str_equal (schemes[i].name, name) && (schemes[i].direction & direction) != 0) {
      self->scheme = schemes[i].scheme;
      self->port = schemes[i].port;
      return TRUE;
    }
  return refuse (error, direction == OUTPUT
                            ? "only rtmp, rtmps and srt can be sent to"
                            : "only rtsp, rtsps, http, https and file can be taken from");
}

/* ---- what each scheme has of its own ---- */

static gboolean
read_rtmp (McuLiveUrl *self, GError **error)
{
  const char *last = strrchr (self->path, '/');

  if (self->path[0] != '/' || last == self->path || last[1] == '\0' || self->path[1] == '/')
    return refuse (error, "of rtmp it is rtmp://HOST/APPLICATION/KEY");
  return TRUE;
}

static void
replace (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

static gboolean
read_srt_option (McuLiveUrl *self, const char *name, const char *value, GError **error)
{
  guint64 number = 0;

  g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT, &number, NULL);
  if (!is_clean (value))
    return refuse (error, "an option has characters that are none");
  if (g_str_equal (name, "mode"))
    return g_str_equal (value, "caller") || refuse (error, "mode can only be caller");
  if (g_str_equal (name, "streamid")) {
    replace (&self->stream_id, value);
    return strlen (value) <= MAX_STREAM_ID_BYTES || refuse (error, "streamid is too long");
  }
  if (g_str_equal (name, "passphrase")) {
    replace (&self->passphrase, value);
    return (strlen (value) >= MIN_PASSPHRASE_BYTES && strlen (value) <= MAX_PASSPHRASE_BYTES) ||
           refuse (error, "passphrase has 10 to 79 bytes");
  }
  if (g_str_equal (name, "pbkeylen")) {
    self->key_bytes = number;
    return number == 16 || number == 24 || number == 32 ||
           refuse (error, "pbkeylen is 16, 24 or 32");
  }
  if (g_str_equal (name, "latency")) {
    self->latency_ms = number;
    return (number > 0 && number <= MAX_LATENCY_MS) || refuse (error, "latency is 1 to 8000 ms");
  }
  return refuse (error, "options of srt are streamid, passphrase, pbkeylen, latency and mode");
}

static gboolean
read_srt (McuLiveUrl *self, GError **error)
{
  GUriParamsIter iter;
  gboolean is_good = TRUE;
  char *name, *value;

  if (self->port == 0)
    return refuse (error, "of srt it is srt://HOST:PORT");
  if (self->path[0] != '\0' && !g_str_equal (self->path, "/"))
    return refuse (error, "srt has no path");
  if (self->query == NULL)
    return TRUE;
  g_uri_params_iter_init (&iter, self->query, -1, "&", G_URI_PARAMS_NONE);
  while (is_good && g_uri_params_iter_next (&iter, &name, &value, NULL)) {
    is_good = read_srt_option (self, name, value, error);
    g_free (name);
    g_free (value);
  }
  return is_good;
}

/* A name beneath a directory: where it leads is looked at once more when it is opened. */
static gboolean
is_relative_path (const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, "/", -1);

  for (guint i = 0; names[i] != NULL; i++)
    if (*names[i] == '\0' || *names[i] == '.')
      return FALSE;
  return names[0] != NULL;
}

static gboolean
read_file (McuLiveUrl *self, const char *host, GError **error)
{
  const char *encoded = self->path;
  char *name;

  if (host != NULL && *host != '\0')
    return refuse (error, "a file has no host");
  if (self->query != NULL)
    return refuse (error, "a file has no query");
  while (*encoded == '/')
    encoded++;
  name = g_uri_unescape_string (encoded, NULL);
  if (name == NULL || !is_clean (name) || !is_relative_path (name)) {
    g_free (name);
    return refuse (error, "of a file it is file:NAME; no element begins with a dot");
  }
  g_free (self->path);
  self->path = name;
  return TRUE;
}

static gboolean
read_authority (McuLiveUrl *self, GUri *uri, GError **error)
{
  self->host = g_ascii_strdown (g_uri_get_host (uri) != NULL ? g_uri_get_host (uri) : "", -1);
  if (!is_host (self->host))
    return refuse (error, "it has no host");
  if (g_uri_get_port (uri) > 0)
    self->port = g_uri_get_port (uri);
  else if (g_uri_get_port (uri) == 0)
    return refuse (error, "its port is none");
  self->user = g_uri_unescape_string (g_uri_get_user (uri) != NULL ? g_uri_get_user (uri) : "",
                                      NULL);
  self->password = g_uri_unescape_string (
      g_uri_get_password (uri) != NULL ? g_uri_get_password (uri) : "", NULL);
  if (self->user == NULL || self->password == NULL || !is_clean (self->user) ||
      !is_clean (self->password))
    return refuse (error, "user or password have characters that are none");
  if (*self->user == '\0')
    g_clear_pointer (&self->user, g_free);
  if (*self->password == '\0')
    g_clear_pointer (&self->password, g_free);
  return TRUE;
}

static gboolean
read_rest (McuLiveUrl *self, GUri *uri, GError **error)
{
  if (self->scheme == MCU_LIVE_FILE)
    return read_file (self, g_uri_get_host (uri), error);
  if (!read_authority (self, uri, error))
    return FALSE;
  switch (self->scheme) {
  case MCU_LIVE_RTMP:
  case MCU_LIVE_RTMPS:
    return read_rtmp (self, error);
  case MCU_LIVE_SRT:
    return read_srt (self, error);
  case MCU_LIVE_RTSP:
  case MCU_LIVE_RTSPS:
  case MCU_LIVE_HTTP:
  case MCU_LIVE_HTTPS:
  case MCU_LIVE_FILE:
    break;
  }
  return TRUE;
}

static McuLiveUrl *
parse (const char *text, guint direction, GError **error)
{
  g_autoptr (McuLiveUrl) self = g_new0 (McuLiveUrl, 1);
  g_autoptr (GUri) uri = NULL;

  if (text == NULL || !is_url_text (text)) {
    refuse (error, "it is none, or longer than 2048 bytes");
    return NULL;
  }
  uri = g_uri_parse (text, G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD, NULL);
  if (uri == NULL || g_uri_get_fragment (uri) != NULL) {
    refuse (error, "it is none, or has a fragment");
    return NULL;
  }
  self->text = g_strdup (text);
  self->path = g_strdup (g_uri_get_path (uri));
  self->query = g_strdup (g_uri_get_query (uri));
  if (!find_scheme (self, g_uri_get_scheme (uri), direction, error) ||
      !read_rest (self, uri, error))
    return NULL;
  return g_steal_pointer (&self);
}

McuLiveUrl *
mcu_live_url_parse_output (const char *text, GError **error)
{
  return parse (text, OUTPUT, error);
}

McuLiveUrl *
mcu_live_url_parse_input (const char *text, GError **error)
{
  return parse (text, INPUT, error);
}

void
mcu_live_url_free (McuLiveUrl *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self->host);
  g_free (self->path);
  g_free (self->query);
  g_free (self->user);
  g_free (self->password);
  g_free (self->stream_id);
  g_free (self->passphrase);
  g_free (self);
}

static const char *
scheme_name (McuLiveScheme scheme)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (schemes[i].scheme == scheme)
      return schemes[i].name;
  return "";
}

char *
mcu_live_url_shown (const McuLiveUrl *self)
{
  const char *name = scheme_name (self->scheme);
  gboolean is_v6 = self->host != NULL && strchr (self->host, ':') != NULL;
  g_autofree char *path = g_strdup (self->path);

  if (self->scheme == MCU_LIVE_FILE)
    return g_strdup_printf ("file:%s", path);
  if (self->scheme == MCU_LIVE_RTMP || self->scheme == MCU_LIVE_RTMPS)
    *strrchr (path, '/') = '\0';
  return g_strdup_printf ("%s://%s%s%s:%u%s", name, is_v6 ? "[" : "", self->host, is_v6 ? "]" : "",
                          self->port, path);
}

const char *
mcu_live_url_kind (const McuLiveUrl *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (schemes[i].scheme == self->scheme)
      return schemes[i].kind;
  return "";
}
