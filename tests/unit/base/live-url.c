/* tests/unit/base/live-url.c - the URLs of live outputs and inputs.
 * SPDX-License-Identifier: Apache-2.0 */
#include "mcu/base/live-url.h"

#include <string.h>

#include "mcu/base/error.h"

typedef struct
{
  const char *text;
  const char *shown; /* NULL: it is refused */
} Row;

static const Row outputs[] = {
    {"rtmp://a.example/live/secret", "rtmp://a.example:1935/live"},
    {"RTMP://A.example:1936/app/inst/se?auth=x", "rtmp://a.example:1936/app/inst"},
    {"rtmps://user:pw@a.example/live/secret", "rtmps://a.example:443/live"},
    {"rtmp://[2606:4700::1]/live/secret", "rtmp://[2606:4700::1]:1935/live"},
    {"srt://a.example:9000?streamid=secret&passphrase=0123456789&pbkeylen=16&latency=200",
     "srt://a.example:9000"},
    {"srt://a.example:9000/?mode=caller", "srt://a.example:9000/"},
    {"srt://a.example", NULL},
    {"srt://a.example:9000/path", NULL},
    {"srt://a.example:9000?mode=listener", NULL},
    {"srt://a.example:9000?localport=1", NULL},
    {"srt://a.example:9000?passphrase=short", NULL},
    {"srt://a.example:9000?pbkeylen=17", NULL},
    {"srt://a.example:9000?latency=9000", NULL},
    {"srt://a.example:9000?latency=-1", NULL},
    {"srt://a.example:9000?streamid=a%0Ab", NULL},
    {"srt://a.example:0", NULL},
    {"srt://:9000", NULL},
    {"rtmp://a.example/secret", NULL},
    {"rtmp://a.example/live/", NULL},
    {"rtmp://a.example//secret", NULL},
    {"rtmp:///live/secret", NULL},
    {"rtmp://a.example:70000/live/secret", NULL},
    {"rtmp://a.example/live/secret#x", NULL},
    {"rtmp://a.example/live/secret live=1", NULL},
    {"rtmp://a.example/live/\"secret", NULL},
    {"rtmp://a.example/live\\secret/x", NULL},
    {"rtmp://u%0aser@a.example/live/secret", NULL},
    {"rtmp://[fe80::1%25eth0]/live/secret", NULL},
    {"rtmp://-a/live/secret", NULL},
    {"rtmpt://a.example/live/secret", NULL},
    {"http://a.example/live/secret", NULL},
    {"file:x/y", NULL},
    {"rtsp://a.example/x", NULL},
    {"", NULL},
    {"rtmp", NULL},
};

static const Row inputs[] = {
    {"rtsp://user:pw@cam.example/h264?token=x", "rtsp://cam.example:554/h264"},
    {"rtsps://cam.example:8322/", "rtsps://cam.example:8322/"},
    {"http://a.example/v.mp4?token=x", "http://a.example:80/v.mp4"},
    {"https://a.example/v.mp4", "https://a.example:443/v.mp4"},
    {"file:a.mp4", "file:a.mp4"},
    {"file:///dir/a%20b.mp4", "file:dir/a b.mp4"},
    {"file:../a.mp4", "file:a.mp4"}, /* as in any URL: there is nothing above its root */
    {"file:..%2fa.mp4", NULL},
    {"file:a/%2e%2e/b", "file:b"},
    {"file:a%00b", NULL},
    {"file:a%0Ab", NULL},
    {"file:.hidden", NULL},
    {"file:a//b", NULL},
    {"file:a/", NULL},
    {"file:", NULL},
    {"file:///", NULL},
    {"file://host/a.mp4", NULL},
    {"file:a.mp4?x", NULL},
    {"rtmp://a.example/live/x", NULL},
    {"udp://a.example:5000", NULL},
    {"ftp://a.example/x", NULL},
    {"http:///x", NULL},
    {"http://a b/", NULL},
    {"concat:a", NULL},
};

static void
check (const Row *rows, gsize n, McuLiveUrl *(*parse) (const char *, GError **) )
{
  for (gsize i = 0; i < n; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (McuLiveUrl) url = parse (rows[i].text, &error);
    g_autofree char *shown = url != NULL ? mcu_live_url_shown (url) : NULL;

    g_test_message ("%s", rows[i].text);
    g_assert_cmpstr (shown, ==, rows[i].shown);
    if (url == NULL)
      g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
    else
      g_assert_no_error (error);
  }
}

static void
test_live_url_outputs (void)
{
  check (outputs, G_N_ELEMENTS (outputs), mcu_live_url_parse_output);
}

static void
test_live_url_inputs (void)
{
  check (inputs, G_N_ELEMENTS (inputs), mcu_live_url_parse_input);
}

static void
test_live_url_parts (void)
{
  g_autoptr (McuLiveUrl) srt = mcu_live_url_parse_output (
      "srt://h:9?streamid=a%2Fb&passphrase=0123%2045678&latency=80", NULL);
  g_autoptr (McuLiveUrl) rtsp = mcu_live_url_parse_input ("rtsp://u:p%40w@H/x?q", NULL);

  g_assert_cmpstr (srt->stream_id, ==, "a/b");
  g_assert_cmpstr (srt->passphrase, ==, "0123 45678");
  g_assert_cmpuint (srt->latency_ms, ==, 80);
  g_assert_cmpstr (rtsp->host, ==, "h");
  g_assert_cmpstr (rtsp->user, ==, "u");
  g_assert_cmpstr (rtsp->password, ==, "p@w");
  g_assert_cmpstr (rtsp->query, ==, "q");
}

static void
test_live_url_is_bounded (void)
{
  g_autofree char *path = g_strnfill (MCU_LIVE_URL_MAX_BYTES, 'a');
  g_autofree char *text = g_strdup_printf ("rtmp://h/%s/k", path);
  g_autofree char *host = g_strdup_printf ("rtmp://%.300s/a/k", path);

  g_assert_null (mcu_live_url_parse_output (text, NULL));
  g_assert_null (mcu_live_url_parse_output (host, NULL));
  g_assert_null (mcu_live_url_parse_output (NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/live-url/outputs", test_live_url_outputs);
  g_test_add_func ("/base/live-url/inputs", test_live_url_inputs);
  g_test_add_func ("/base/live-url/parts", test_live_url_parts);
  g_test_add_func ("/base/live-url/is-bounded", test_live_url_is_bounded);
  return g_test_run ();
}
