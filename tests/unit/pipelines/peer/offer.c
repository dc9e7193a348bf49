/* tests/unit/pipelines/peer/offer.c - tests pipelines/peer/offer.c and what it is made of.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <string.h>

#include "mcu/base/error.h"
#include "pipelines/peer/canonical.h"
#include "tests/unit/pipelines/peer/support.h"

/* Every one must give an offer and its answer, or an error; under ASan nothing else may happen. */
#define N_MUTATIONS 2000

static void
assert_refused (const char *text, gssize length, const McuOfferOptions *options, McuError code)
{
  g_autoptr (GError) error = NULL;
  McuOffer *offer = mcu_offer_parse (text, length, options, &error);

  g_assert_null (offer);
  g_assert_error (error, MCU_ERROR, (int) code);
}

static void
test_offer__all_fields_of_a_browser (void)
{
  g_autoptr (McuOffer) offer = test_offer ("chromium-meeting", MCU_OFFER_BROWSER);
  const McuOfferSection *audio = mcu_offer_accepted (offer, 0);
  const McuOfferSection *camera = mcu_offer_accepted (offer, 1);
  const McuOfferSection *screen = mcu_offer_accepted (offer, 2);

  g_assert_cmpuint (offer->n_accepted, ==, 3);
  g_assert_true (offer->bundled && offer->trickle && offer->extmap_allow_mixed);
  g_assert_cmpstr (audio->mid, ==, "0");
  g_assert_cmpuint (audio->pt, ==, 111);
  g_assert_cmpuint (audio->clock_rate_hz, ==, 48000);
  g_assert_cmpuint (audio->ext_level, ==, 1);
  g_assert_cmpuint (audio->ext_twcc, ==, 3);
  g_assert_cmpuint (audio->ext_mid, ==, 4);
  g_assert_cmpuint (audio->rtx_ssrc, ==, 0);
  g_assert_true (audio->we_receive && audio->we_send && !audio->fb_nack);
  g_assert_cmpuint (camera->rtx_pt, ==, 109);
  g_assert_true (camera->fb_nack && camera->fb_pli && camera->fb_fir && camera->fb_twcc);
  g_assert_true (camera->rtcp_rsize && !camera->ssrc_is_ours && !camera->rtx_ssrc_is_ours);
  g_assert_cmpuint (camera->ssrc, !=, camera->rtx_ssrc);
  g_assert_true (screen->we_receive && !screen->we_send);
  g_assert_true (mcu_offer_sending (offer, MCU_MEDIA_AUDIO) == audio);
  g_assert_true (mcu_offer_sending (offer, MCU_MEDIA_VIDEO) == camera);
  g_assert_null (mcu_offer_accepted (offer, 3));
}

static void
test_offer__preferred_codec (void)
{
  static const McuCodec vp8_first[] = {MCU_CODEC_VP8, MCU_CODEC_H264};
  const McuOfferOptions options = {.video_codecs = vp8_first, .n_video_codecs = 2};
  const McuOfferOptions only_h264 = {.video_codecs = vp8_first + 1, .n_video_codecs = 1};
  g_autofree char *chromium = test_offer_text ("chromium-tracks");
  g_autofree char *vp8_only = test_offer_text ("video-only");
  g_autoptr (McuOffer) offer = mcu_offer_parse (chromium, -1, &options, NULL);

  g_assert_cmpint (offer->video_codec, ==, MCU_CODEC_VP8);
  g_assert_cmpint (mcu_offer_accepted (offer, 1)->codec, ==, MCU_CODEC_VP8);
  assert_refused (vp8_only, -1, &only_h264, MCU_ERROR_NO_COMMON_CODEC);
}

static void
test_offer__viewer_is_never_received (void)
{
  const McuOfferOptions options = {.viewer = TRUE};
  g_autofree char *text = test_offer_text ("chromium-meeting");
  g_autoptr (McuOffer) offer = mcu_offer_parse (text, -1, &options, NULL);

  g_assert_cmpuint (offer->n_accepted, ==, 2); /* the screen has no direction left */
  for (guint i = 0; i < offer->n_accepted; i++) {
    g_assert_false (mcu_offer_accepted (offer, i)->we_receive);
    g_assert_true (mcu_offer_accepted (offer, i)->we_send);
  }
}

static void
test_offer__denied_is_not_received (void)
{
  const McuOfferOptions no_pictures = {.denied = 1 << MCU_STREAM_CAMERA | 1 << MCU_STREAM_SCREEN};
  const McuOfferOptions no_sound = {.denied = 1 << MCU_STREAM_MICROPHONE};
  g_autofree char *text = test_offer_text ("chromium-meeting");
  g_autoptr (McuOffer) heard = mcu_offer_parse (text, -1, &no_pictures, NULL);
  g_autoptr (McuOffer) seen = mcu_offer_parse (text, -1, &no_sound, NULL);

  g_assert_cmpuint (heard->n_accepted, ==, 2); /* the screen has no direction left */
  g_assert_true (mcu_offer_accepted (heard, 0)->we_receive);
  g_assert_false (mcu_offer_accepted (heard, 1)->we_receive);
  g_assert_true (mcu_offer_accepted (heard, 1)->we_send);
  g_assert_cmpuint (seen->n_accepted, ==, 3);
  g_assert_false (mcu_offer_accepted (seen, 0)->we_receive);
  g_assert_true (mcu_offer_accepted (seen, 0)->we_send);
  g_assert_cmpint (mcu_offer_accepted (seen, 1)->stream, ==, MCU_STREAM_CAMERA);
  g_assert_cmpint (mcu_offer_accepted (seen, 2)->stream, ==, MCU_STREAM_SCREEN);
}

static void
test_offer__streams_by_mid (void)
{
  static const McuOfferStream streams[] = {
      {"1", MCU_STREAM_SCREEN}, {"2", MCU_STREAM_CAMERA}, {"0", MCU_STREAM_SCREEN}, {"7", 0}};
  const McuOfferOptions options = {.streams = streams, .n_streams = G_N_ELEMENTS (streams)};
  g_autofree char *text = test_offer_text ("chromium-meeting");
  g_autoptr (McuOffer) offer = mcu_offer_parse (text, -1, &options, NULL);

  g_assert_cmpint (mcu_offer_accepted (offer, 0)->stream, ==, MCU_STREAM_MICROPHONE);
  g_assert_cmpint (mcu_offer_accepted (offer, 1)->stream, ==, MCU_STREAM_SCREEN);
  g_assert_cmpint (mcu_offer_accepted (offer, 2)->stream, ==, MCU_STREAM_CAMERA);
}

static void
test_offer__stereo_only_when_asked (void)
{
  const McuOfferOptions stereo = {.kind = MCU_OFFER_WHIP, .stereo = TRUE};
  g_autofree char *text = test_offer_text ("obs-whip");
  g_autoptr (McuOffer) mono = test_offer ("obs-whip", MCU_OFFER_WHIP);
  g_autoptr (McuOffer) both = mcu_offer_parse (text, -1, &stereo, NULL);

  g_assert_cmpstr (mcu_offer_accepted (mono, 0)->fmtp, ==, "minptime=10;useinbandfec=1");
  g_assert_cmpstr (mcu_offer_accepted (both, 0)->fmtp, ==, "minptime=10;useinbandfec=1;stereo=1");
}

static void
test_offer__synthetic_ssrcs (void)
{
  g_autoptr (McuOffer) offer = test_offer ("no-ssrc", MCU_OFFER_BROWSER);
  const McuOfferSection *audio = mcu_offer_accepted (offer, 0);
  const McuOfferSection *video = mcu_offer_accepted (offer, 1);

  g_assert_true (audio->ssrc_is_ours && !audio->rtx_ssrc_is_ours);
  g_assert_true (video->ssrc_is_ours && video->rtx_ssrc_is_ours);
  g_assert_true (audio->ssrc != 0 && video->ssrc != 0 && video->rtx_ssrc != 0);
  g_assert_true (audio->ssrc != video->ssrc && video->ssrc != video->rtx_ssrc);
}

static void
test_offer__loopback_candidates_only_when_allowed (void)
{
  const McuOfferOptions options = {.allow_loopback = TRUE};
  g_autofree char *text = test_offer_text ("candidates-mixed");
  g_autoptr (McuOffer) offer = mcu_offer_parse (text, -1, &options, NULL);

  g_assert_cmpuint (offer->n_candidates, ==, 4);
  g_assert_cmpstr (offer->candidates[0].address, ==, "192.0.2.9");
}

static void
test_offer__candidates_are_bounded (void)
{
  g_autofree char *text = test_offer_text ("audio-only");
  g_autoptr (GString) many = g_string_new (text);

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (many, "a=candidate:1 1 udp 7 192.0.2.1 %u typ host\r\n", 1000 + i);
  g_autoptr (McuOffer) offer = mcu_offer_parse (many->str, -1, NULL, NULL);
  g_assert_cmpuint (offer->n_candidates, ==, MCU_CANDIDATES_MAX);
}

static void
test_offer__size_limit (void)
{
  g_autofree char *text = test_offer_text ("audio-only");
  g_autoptr (GString) big = g_string_new (text);

  while (big->len + 8 <= MCU_OFFER_MAX_BYTES)
    g_string_append (big, "b=AS:1\r\n");
  g_autoptr (McuOffer) offer = mcu_offer_parse (big->str, -1, NULL, NULL);
  g_assert_nonnull (offer);
  while (big->len <= MCU_OFFER_MAX_BYTES)
    g_string_append_c (big, '\n');
  assert_refused (big->str, -1, NULL, MCU_ERROR_TOO_LARGE);
  assert_refused (big->str, (gssize) big->len, NULL, MCU_ERROR_TOO_LARGE);
}

static void
test_offer__attribute_limit (void)
{
  g_autofree char *text = test_offer_text ("audio-only");
  g_autoptr (GString) many = g_string_new (text);

  for (guint i = 0; i < 600; i++)
    g_string_append (many, "a=x:1\r\n");
  assert_refused (many->str, -1, NULL, MCU_ERROR_BAD_SDP);
}

static void
test_offer__malformed_text (void)
{
  static const char *const bad[] = {"",
                                    "x",
                                    "v=1\r\n",
                                    "v=0",
                                    "v=0\r\nm=\r\n",
                                    "hello\r\n",
                                    "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 999\r\n",
                                    "v=0\r\nm=audio 70000 UDP/TLS/RTP/SAVPF 0\r\n",
                                    "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF\r\n",
                                    "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\rx\r\n",
                                    "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:a b\r\n",
                                    "v=0\r\nnonsense\r\n",
                                    "v=0\r\na=\xff\r\n"};

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_test_message ("%u", i);
    assert_refused (bad[i], -1, NULL, MCU_ERROR_BAD_SDP);
  }
}

static void
test_offer__nul_is_refused (void)
{
  g_autofree char *text = test_offer_text ("audio-only");
  gsize n = strlen (text);

  text[n / 2] = '\0';
  assert_refused (text, (gssize) n, NULL, MCU_ERROR_BAD_SDP);
}

static void
test_offer__needs_no_terminator (void)
{
  g_autofree char *text = test_offer_text ("audio-only");
  gsize n = strlen (text);
  g_autofree char *bare = g_memdup2 (text, n); /* ASan sees a read behind it */
  g_autoptr (McuOffer) offer = mcu_offer_parse (bare, (gssize) n, NULL, NULL);

  g_assert_nonnull (offer);
}

static void
test_offer__debug_fault (void)
{
  g_autofree char *text = test_offer_text ("audio-only");
  g_autofree char *abort = test_replace (text, "t=0 0\r\n", "t=0 0\r\na=x-tessera-fault:abort\r\n");
  g_autofree char *hang = test_replace (text, "t=0 0\r\n", "t=0 0\r\na=x-tessera-fault:hang\r\n");
  g_autoptr (McuOffer) none = mcu_offer_parse (text, -1, NULL, NULL);
  g_autoptr (McuOffer) a = mcu_offer_parse (abort, -1, NULL, NULL);
  g_autoptr (McuOffer) h = mcu_offer_parse (hang, -1, NULL, NULL);

  g_assert_cmpint (none->debug_fault, ==, MCU_DEBUG_FAULT_NONE);
  g_assert_cmpint (a->debug_fault, ==,
                   TESSERA_DEBUG_FAULTS ? MCU_DEBUG_FAULT_ABORT : MCU_DEBUG_FAULT_NONE);
  g_assert_cmpint (h->debug_fault, ==,
                   TESSERA_DEBUG_FAULTS ? MCU_DEBUG_FAULT_HANG : MCU_DEBUG_FAULT_NONE);
}

static void
test_offer__canonical_is_its_own_canonical (void)
{
  static const char *const names[] = {"chromium-meeting", "firefox-tracks",   "asterisk",
                                      "no-ssrc",          "unbundled-single", "bundle-only"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (McuOffer) offer = test_offer (names[i], MCU_OFFER_BROWSER);
    g_autofree char *first = mcu_offer_to_canonical (offer);
    g_autoptr (GError) error = NULL;
    g_autoptr (McuOffer) again = mcu_offer_parse (first, -1, NULL, &error);

    g_assert_no_error (error);
    g_autofree char *second = mcu_offer_to_canonical (again);
    g_assert_cmpstr (first, ==, second);
    g_assert_cmpuint (again->n_accepted, ==, offer->n_accepted);
  }
}

/* Lines cut, doubled, swapped; bytes changed. */
static char *
mutate (GRand *rand, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = g_strv_length (lines);
  guint at = (guint) g_rand_int_range (rand, 0, (gint) n);
  guint other = (guint) g_rand_int_range (rand, 0, (gint) n);

  switch (g_rand_int_range (rand, 0, 4)) {
  case 0: {
    char *copy = g_strdup (lines[other]);
    g_free (lines[at]);
    lines[at] = copy;
    break;
  }
  case 1: {
    char *line = lines[at];
    lines[at] = lines[other];
    lines[other] = line;
    break;
  }
  case 2:
    if (lines[at][0] != '\0')
      lines[at][g_rand_int_range (rand, 0, (gint) strlen (lines[at]))] = (char) g_rand_int_range (
          rand, 1, 256);
    break;
  default:
    lines[at][strlen (lines[at]) / 2] = '\0';
    break;
  }

  return g_strjoinv ("\n", lines);
}

static void
test_offer__mutations_give_an_offer_or_an_error (void)
{
  static const char *const names[] = {
      "chromium-meeting", "firefox-meeting",  "aiortc",      "asterisk",
      "obs-whip",         "sixteen-sections", "bundle-only", "static-payload-types"};
  GRand *rand = g_rand_new_with_seed (20240607);
  guint n_offers = 0;

  for (guint i = 0; i < N_MUTATIONS; i++) {
    g_autofree char *text = test_offer_text (names[i % G_N_ELEMENTS (names)]);
    const McuOfferOptions options = {.kind = (McuOfferKind) (i % 3)};
    g_autoptr (GError) error = NULL;

    for (gint rounds = g_rand_int_range (rand, 1, 6); rounds > 0; rounds--) {
      char *next = mutate (rand, text);
      g_free (text);
      text = next;
    }
    g_autoptr (McuOffer) offer = mcu_offer_parse (text, -1, &options, &error);
    g_assert_true ((offer == NULL) == (error != NULL));
    if (offer == NULL)
      continue;

    McuAnswerParts parts;
    test_parts (offer, &parts);
    g_autofree char *canonical = mcu_offer_to_canonical (offer);
    g_autofree char *answer = mcu_answer_write (offer, &parts, &error);
    g_assert_no_error (error);
    g_assert_nonnull (answer);
    n_offers++;
  }

  g_assert_cmpuint (n_offers, >, N_MUTATIONS / 10);
  g_assert_cmpuint (n_offers, <, N_MUTATIONS);
  g_rand_free (rand);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offer/all-fields-of-a-browser", test_offer__all_fields_of_a_browser);
  g_test_add_func ("/offer/preferred-codec", test_offer__preferred_codec);
  g_test_add_func ("/offer/viewer-is-never-received", test_offer__viewer_is_never_received);
  g_test_add_func ("/offer/denied-is-not-received", test_offer__denied_is_not_received);
  g_test_add_func ("/offer/streams-by-mid", test_offer__streams_by_mid);
  g_test_add_func ("/offer/stereo-only-when-asked", test_offer__stereo_only_when_asked);
  g_test_add_func ("/offer/synthetic-ssrcs", test_offer__synthetic_ssrcs);
  g_test_add_func ("/offer/loopback-candidates", test_offer__loopback_candidates_only_when_allowed);
  g_test_add_func ("/offer/candidates-are-bounded", test_offer__candidates_are_bounded);
  g_test_add_func ("/offer/size-limit", test_offer__size_limit);
  g_test_add_func ("/offer/attribute-limit", test_offer__attribute_limit);
  g_test_add_func ("/offer/malformed-text", test_offer__malformed_text);
  g_test_add_func ("/offer/nul-is-refused", test_offer__nul_is_refused);
  g_test_add_func ("/offer/needs-no-terminator", test_offer__needs_no_terminator);
  g_test_add_func ("/offer/debug-fault", test_offer__debug_fault);
  g_test_add_func ("/offer/canonical-of-canonical", test_offer__canonical_is_its_own_canonical);
  g_test_add_func ("/offer/mutations", test_offer__mutations_give_an_offer_or_an_error);
  return g_test_run ();
}
