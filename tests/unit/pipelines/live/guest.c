/* tests/unit/pipelines/live/guest.c - an input whose decoder gives up holds nobody up.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/live/guest.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pipelines/live/exchange.h"
#include "pipelines/process/plugins.h"

#define WITHIN_S 20 /* SIGALRM ends a test that hangs */
#define N_FRAMES 40 /* more than wait for a decoder, less than come in a second */

/* A decoder in the name of the real one, which is not loaded here: it fails at the first frame. */
typedef struct
{
  GstElement parent;
} Broken;

typedef struct
{
  GstElementClass parent_class;
} BrokenClass;

static GType broken_get_type (void);
G_DEFINE_TYPE (Broken, broken, GST_TYPE_ELEMENT)

static GstFlowReturn
fail_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  gst_buffer_unref (buffer);
  GST_ELEMENT_ERROR (parent, STREAM, DECODE, (NULL), ("as it is to be"));
  return GST_FLOW_ERROR;
}

static void
add_pad (Broken *self, const char *name)
{
  GstPad *pad = gst_pad_new_from_template (
      gst_element_class_get_pad_template (GST_ELEMENT_GET_CLASS (self), name), name);

  if (GST_PAD_IS_SINK (pad))
    gst_pad_set_chain_function (pad, fail_chain);
  gst_element_add_pad (GST_ELEMENT (self), pad);
}

static void
broken_init (Broken *self)
{
  add_pad (self, "sink");
  add_pad (self, "src");
}

static void
take_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
}

static void
broken_class_init (BrokenClass *class)
{
  static GstStaticPadTemplate sink = GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
                                                              GST_STATIC_CAPS_ANY);
  static GstStaticPadTemplate source = GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                                                                GST_STATIC_CAPS_ANY);
  GParamSpec *threads = g_param_spec_int ("threads", NULL, NULL, 0, 16, 0, G_PARAM_WRITABLE);
  GParamSpec *qos = g_param_spec_boolean ("qos", NULL, NULL, FALSE, G_PARAM_WRITABLE);

  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (class), &sink);
  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (class), &source);
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (class), "Broken", "Decoder", "Fails",
                                         "tests");
  G_OBJECT_CLASS (class)->set_property = take_property;
  g_object_class_install_property (G_OBJECT_CLASS (class), 1, threads);
  g_object_class_install_property (G_OBJECT_CLASS (class), 2, qos);
}

/* The reader must not wait for ever for a decoder that takes nothing: the main loop waits for it.
 */
static void
test_guest__failed_decoder_ends_it (void)
{
  static const guint8 key[64] = {0x10, 0, 0, 0x9d, 0x01, 0x2a, 64, 0, 64, 0};
  McuExchangeFrame frame = {MCU_EXCHANGE_VIDEO, MCU_CODEC_VP8, TRUE, sizeof key, 0};
  McuSource *source = mcu_source_new ();
  McuPlayout *playout = mcu_playout_new (MCU_CODEC_OPUS);
  McuLiveGuest *guest;
  guint8 byte;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  guest = mcu_live_guest_new (fds[0], source, playout);
  for (guint i = 0; i < N_FRAMES && mcu_exchange_write (fds[1], &frame, key); i++)
    frame.pts_ns += 1000000;
  g_assert_cmpint (recv (fds[1], &byte, 1, 0), <=, 0); /* whoever writes is told */
  mcu_live_guest_free (guest);
  mcu_playout_unref (playout);
  mcu_source_unref (source);
  close (fds[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mcu_plugins_start (NULL));
  g_assert_true (mcu_plugins_load ((const char *const[]){"app", NULL}, NULL));
  signal (SIGPIPE, SIG_IGN);
  alarm (WITHIN_S);
  g_assert_true (gst_element_register (NULL, "vp8dec", GST_RANK_NONE, broken_get_type ()));
  g_test_add_func ("/live/guest/failed-decoder", test_guest__failed_decoder_ends_it);
  return g_test_run ();
}
