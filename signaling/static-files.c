/* signaling/static-files.c - the page and its modules, compiled into the program.
 * SPDX-License-Identifier: Apache-2.0 */
#include "signaling/static-files.h"

#include <gio/gio.h>
#include <string.h>

#define RESOURCE_ROOT "/tessera/web/"
#define MAX_NAME_BYTES 128

struct _McuStaticFiles
{
  char *directory; /* (nullable) owned */
};

static const struct
{
  const char *suffix;
  const char *content_type;
} content_types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
};

static const char *
content_type_of (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (content_types); i++)
    if (g_str_has_suffix (name, content_types[i].suffix))
      return content_types[i].content_type;
  return NULL;
}

static gboolean
is_name (const char *name)
{
  gsize length = strlen (name);

  if (length == 0 || length > MAX_NAME_BYTES || *name == '.' || *name == '/')
    return FALSE;
  for (const char *c = name; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("._-/", *c) == NULL)
      return FALSE;
  return strstr (name, "/.") == NULL && strstr (name, "//") == NULL &&
         content_type_of (name) != NULL;
}

static GBytes *
read_file (const McuStaticFiles *self, const char *name)
{
  g_autofree char *path = NULL;
  char *data;
  gsize length;

  if (self->directory == NULL) {
    path = g_strconcat (RESOURCE_ROOT, name, NULL);
    return g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  }
  path = g_build_filename (self->directory, name, NULL);
  return g_file_get_contents (path, &data, &length, NULL) ? g_bytes_new_take (data, length) : NULL;
}

static GBytes *
read_gzipped (const McuStaticFiles *self, SoupServerMessage *msg, const char *name)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (msg);
  const char *accepted = soup_message_headers_get_list (headers, "Accept-Encoding");
  g_autofree char *gzipped = g_strconcat (name, ".gz", NULL);

  if (self->directory != NULL || accepted == NULL || strstr (accepted, "gzip") == NULL)
    return NULL;
  return read_file (self, gzipped);
}

static gboolean
client_has (SoupServerMessage *msg, const char *etag)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (msg);
  const char *has = soup_message_headers_get_list (headers, "If-None-Match");

  return has != NULL && (strcmp (has, "*") == 0 || strstr (has, etag) != NULL);
}

McuStaticFiles *
mcu_static_files_new (void)
{
  McuStaticFiles *self = g_new0 (McuStaticFiles, 1);

  self->directory = g_strdup (g_getenv ("TESSERA_WEB_DIR"));
  return self;
}

void
mcu_static_files_free (McuStaticFiles *self)
{
  g_free (self->directory);
  g_free (self);
}

gboolean
mcu_static_files_serve (const McuStaticFiles *self, SoupServerMessage *msg, const char *name)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (msg);
  g_autoptr (GBytes) plain = is_name (name) ? read_file (self, name) : NULL;
  g_autoptr (GBytes) gzipped = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *etag = NULL;
  GBytes *body;

  if (plain == NULL)
    return FALSE;
  gzipped = read_gzipped (self, msg, name);
  body = gzipped != NULL ? gzipped : plain;
  sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
  etag = g_strdup_printf ("\"%.32s\"", sum);
  soup_message_headers_replace (headers, "ETag", etag);
  soup_message_headers_replace (headers, "Vary", "Accept-Encoding");
  /* Asked again each time, answered with 304: an upgrade of the server is seen at once. */
  soup_message_headers_replace (headers, "Cache-Control", "no-cache");
  if (client_has (msg, etag)) {
    soup_server_message_set_status (msg, 304, NULL);
    return TRUE;
  }
  if (gzipped != NULL)
    soup_message_headers_replace (headers, "Content-Encoding", "gzip");
  soup_server_message_set_status (msg, 200, NULL);
  soup_message_headers_set_content_type (headers, content_type_of (name), NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (msg), body);
  return TRUE;
}
