/* tests/unit/pipelines/peer/answer.c - tests pipelines/peer/answer.c and answer-parts.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/peer/answer.h"

#include <string.h>

#include "mcu/base/error.h"
#include "tests/unit/pipelines/peer/support.h"

/* The shape of what webrtcbin 1.22 writes for two sections. */
#define SECTION                                                                                    \
  "a=ice-ufrag:uFrAg1\r\na=ice-pwd:pwd4567890123456789012345\r\na=setup:active\r\n"                \
  "a=fingerprint:sha-256 "                                                                         \
  "01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:"     \
  "1F:20\r\n"
static const char webrtcbin_sdp[] =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n" SECTION
    "a=ssrc:777 msid:mix audio0\r\na=ssrc:777 cname:user1@host\r\n"
    "a=candidate:1 1 UDP 2015363327 192.0.2.1 40001 typ host\r\n"
    "a=candidate:1 1 UDP 2015363327 192.0.2.1 40001 typ host\r\n"
    "a=candidate:2 1 TCP 1015021823 192.0.2.1 9 typ host tcptype active\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 108 109\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n" SECTION
    "a=ssrc-group:FID 888 889\r\na=ssrc:888 cname:user1@host\r\na=ssrc:889 cname:user1@host\r\n";

static char *
write_answer (const McuOffer *offer, const McuAnswerParts *parts)
{
  g_autoptr (GError) error = NULL;
  char *answer = mcu_answer_write (offer, parts, &error);

  g_assert_no_error (error);
  return answer;
}

static void
test_answer__parts_are_read (void)
{
  McuAnswerParts parts = {.max_video_bps = 5};
  g_autoptr (GError) error = NULL;

  g_assert_true (mcu_answer_parts_read (&parts, webrtcbin_sdp, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (parts.ice_ufrag, ==, "uFrAg1");
  g_assert_cmpstr (parts.ice_pwd, ==, "pwd4567890123456789012345");
  g_assert_cmpstr (parts.cname, ==, "user1@host");
  g_assert_cmpint (parts.setup, ==, MCU_SETUP_ACTIVE);
  g_assert_cmpuint (parts.fingerprint[31], ==, 0x20);
  g_assert_cmpuint (parts.n_sections, ==, 2);
  g_assert_cmpuint (parts.sections[0].ssrc, ==, 777);
  g_assert_cmpuint (parts.sections[0].rtx_ssrc, ==, 0);
  g_assert_cmpuint (parts.sections[1].ssrc, ==, 888);
  g_assert_cmpuint (parts.sections[1].rtx_ssrc, ==, 889);
  g_assert_cmpuint (parts.n_candidates, ==, 1);
  g_assert_cmpuint (parts.max_video_bps, ==, 5);
}

static void
test_answer__parts_missing_are_an_error (void)
{
  static const char *const needed[] = {"a=ice-ufrag:uFrAg1\r\n",
                                       "a=ice-pwd:pwd4567890123456789012345\r\n",
                                       "a=setup:active\r\n", "a=fingerprint:sha-256 "};

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++) {
    g_autofree char *without = test_replace (webrtcbin_sdp, needed[i], "a=nothing:");
    McuAnswerParts parts = {0};
    g_autoptr (GError) error = NULL;

    g_assert_false (mcu_answer_parts_read (&parts, without, &error));
    g_assert_error (error, MCU_ERROR, MCU_ERROR_INTERNAL);
  }
}

static void
test_answer__from_webrtcbin_to_client (void)
{
  g_autoptr (McuOffer) offer = test_offer ("chromium-tracks", MCU_OFFER_BROWSER);
  McuAnswerParts parts = {0};

  g_assert_true (mcu_answer_parts_read (&parts, webrtcbin_sdp, NULL));
  g_autofree char *answer = write_answer (offer, &parts);
  g_assert_true (test_has_line (answer, "m=video 9 UDP/TLS/RTP/SAVPF 108 109"));
  g_assert_true (test_has_line (answer, "a=ssrc-group:FID 888 889"));
  g_assert_true (test_has_line (answer, "a=ssrc:777 cname:user1@host"));
  g_assert_true (test_has_line (answer, "a=msid:tessera tessera-audio"));
  g_assert_true (test_has_line (answer, "a=msid:tessera tessera-video"));
  g_assert_true (test_has_line (answer, "a=ice-ufrag:uFrAg1"));
  g_assert_true (test_has_line (answer, "a=end-of-candidates"));
  g_assert_null (strstr (answer, "b="));
}

static void
test_answer__without_candidate_is_an_error (void)
{
  g_autoptr (McuOffer) offer = test_offer ("audio-only", MCU_OFFER_BROWSER);
  McuAnswerParts parts;
  g_autoptr (GError) error = NULL;

  test_parts (offer, &parts);
  parts.n_candidates = 0;
  g_assert_null (mcu_answer_write (offer, &parts, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_INTERNAL);
  g_assert_nonnull (strstr (error->message, "no candidate"));
}

static void
test_answer__wrong_role_is_an_error (void)
{
  g_autoptr (McuOffer) offer = test_offer ("audio-only", MCU_OFFER_BROWSER);
  McuAnswerParts parts;
  g_autoptr (GError) error = NULL;

  test_parts (offer, &parts);
  parts.setup = MCU_SETUP_PASSIVE;
  g_assert_null (mcu_answer_write (offer, &parts, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_INTERNAL);
}

static void
test_answer__candidates_best_first (void)
{
  static const char *const added[] = {
      "candidate:1 1 UDP 100 127.0.0.1 1 typ host",
      "candidate:2 1 UDP 900 8.8.4.4 2 typ relay raddr 10.0.0.5 rport 7",
      "candidate:3 1 UDP 800 2606:4700::1 3 typ host",
      "candidate:4 1 UDP 700 10.0.0.5 4 typ host",
      "candidate:5 1 UDP 600 8.8.8.8 5 typ host",
      "candidate:6 1 UDP 650 1.1.1.1 6 typ srflx raddr 10.0.0.5 rport 4"};
  static const char *const order[] = {"8.8.8.8 5",      "10.0.0.5 4", "127.0.0.1 1",
                                      "2606:4700::1 3", "1.1.1.1 6",  "8.8.4.4 2"};
  g_autoptr (McuOffer) offer = test_offer ("audio-only", MCU_OFFER_BROWSER);
  McuAnswerParts parts;

  test_parts (offer, &parts);
  parts.n_candidates = 0;
  for (guint i = 0; i < G_N_ELEMENTS (added); i++)
    g_assert_true (mcu_answer_parts_add_candidate (&parts, added[i]));
  g_assert_false (mcu_answer_parts_add_candidate (&parts, added[0]));
  g_autofree char *answer = write_answer (offer, &parts);
  const char *at = answer;
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    at = strstr (at, order[i]);
    g_assert_nonnull (at);
  }
}

static void
test_answer__external_address (void)
{
  g_autoptr (McuOffer) offer = test_offer ("audio-only", MCU_OFFER_BROWSER);
  McuAnswerParts parts;

  test_parts (offer, &parts);
  g_assert_true (
      mcu_answer_parts_add_candidate (&parts, "candidate:2 1 UDP 5 2001:db8::7 40002 typ host"));
  g_assert_true (
      mcu_answer_parts_add_candidate (&parts, "candidate:3 1 UDP 4 127.0.0.1 40003 typ host"));
  g_assert_true (mcu_answer_parts_add_candidate (
      &parts, "candidate:4 1 UDP 3 198.51.100.9 40004 typ srflx raddr 192.0.2.1 rport 40001"));
  parts.external_address = "203.0.113.99";
  g_autofree char *answer = write_answer (offer, &parts);
  g_assert_nonnull (strstr (answer, "203.0.113.99 40001 typ host"));
  g_assert_null (strstr (answer, "192.0.2.1 40001"));
  g_assert_nonnull (strstr (answer, "2001:db8::7 40002"));
  g_assert_nonnull (strstr (answer, "127.0.0.1 40003"));
  g_assert_nonnull (strstr (answer, "198.51.100.9 40004"));

  g_autoptr (GError) error = NULL;
  parts.external_address = "auto";
  g_assert_null (mcu_answer_write (offer, &parts, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_INTERNAL);
}

static void
test_answer__bandwidth_for_what_we_receive (void)
{
  g_autoptr (McuOffer) offer = test_offer ("chromium-tracks", MCU_OFFER_BROWSER);
  g_autoptr (McuOffer) player = test_offer ("whep-player", MCU_OFFER_WHEP);
  McuAnswerParts parts;

  test_parts (offer, &parts);
  parts.max_video_bps = 800000;
  g_autofree char *answer = write_answer (offer, &parts);
  g_assert_true (test_has_line (answer, "b=AS:880"));
  g_assert_true (test_has_line (answer, "b=TIAS:800000"));
  g_assert_nonnull (strstr (answer, "c=IN IP4 0.0.0.0\r\nb=AS:880\r\nb=TIAS:800000\r\na=mid:1"));
  g_autofree char *whep = write_answer (player, &parts);
  g_assert_null (strstr (whep, "b="));
}

/* Many sections with long mids, and all the candidates there can be. */
static void
test_answer__fits_into_8191_bytes (void)
{
  g_autofree char *pad = g_strnfill (50, 'm');
  g_autoptr (GString) text = g_string_new ("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n");
  McuAnswerParts parts;

  g_string_append (text, "a=group:BUNDLE");
  for (guint i = 0; i < 16; i++)
    g_string_append_printf (text, " %s%u", pad, i);
  for (guint i = 0; i < 16; i++)
    g_string_append_printf (
        text,
        "\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:abcd\r\n"
        "a=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=fingerprint:sha-256 "
        "01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:"
        "1E:1F:20\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=mid:%s%u",
        pad, i);
  g_autoptr (GError) error = NULL;
  g_autoptr (McuOffer) offer = mcu_offer_parse (text->str, -1, NULL, &error);
  g_assert_no_error (error);

  test_parts (offer, &parts);
  parts.n_candidates = 0;
  memset (parts.ice_ufrag, 'u', MCU_UFRAG_MAX);
  memset (parts.ice_pwd, 'p', MCU_UFRAG_MAX);
  for (guint i = 0; i < MCU_ANSWER_MAX_CANDIDATES; i++) {
    g_autofree char *line = g_strdup_printf (
        "candidate:%032u 1 UDP 2015363327 2001:db8:1111:2222:3333:4444:5555:%x 40001 typ srflx "
        "raddr 2001:db8:1111:2222:3333:4444:5555:6666 rport 40001",
        i, i + 1);
    g_assert_true (mcu_answer_parts_add_candidate (&parts, line));
  }
  parts.candidates[20] = (McuCandidate){
      .foundation = "9", .priority = 1, .address = "8.8.8.8", .port = 9};

  g_autofree char *answer = write_answer (offer, &parts);
  g_assert_cmpuint (strlen (answer), <=, MCU_ANSWER_MAX_BYTES);
  g_assert_nonnull (strstr (answer, "8.8.8.8 9"));
  g_assert_nonnull (strstr (answer, "a=end-of-candidates"));
  g_auto (GStrv) candidates = g_strsplit (answer, "a=candidate:", -1);
  g_assert_cmpuint (g_strv_length (candidates) - 1, <, MCU_ANSWER_MAX_CANDIDATES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/answer/parts-are-read", test_answer__parts_are_read);
  g_test_add_func ("/answer/parts-missing", test_answer__parts_missing_are_an_error);
  g_test_add_func ("/answer/from-webrtcbin-to-client", test_answer__from_webrtcbin_to_client);
  g_test_add_func ("/answer/without-candidate", test_answer__without_candidate_is_an_error);
  g_test_add_func ("/answer/wrong-role", test_answer__wrong_role_is_an_error);
  g_test_add_func ("/answer/candidates-best-first", test_answer__candidates_best_first);
  g_test_add_func ("/answer/external-address", test_answer__external_address);
  g_test_add_func ("/answer/bandwidth", test_answer__bandwidth_for_what_we_receive);
  g_test_add_func ("/answer/fits", test_answer__fits_into_8191_bytes);
  return g_test_run ();
}
