/* pipelines/process/plugins.c - GStreamer with the plugins we use, and no others.
 * SPDX-License-Identifier: Apache-2.0 */
#include "pipelines/process/plugins.h"

#include "config.h"

#include <gst/gst.h>

#include "mcu/base/error.h"

static const char *const plugins[] = {
    "coreelements", "app",    "nice", "dtls",     "srtp", "rtp",
    "rtpmanager",   "webrtc", "vpx",  "openh264", NULL,
};

static const char *const elements[] = {
    "appsrc",      "appsink",      "webrtcbin",   "dtlsdec",    "srtpdec",    "rtpbin",
    "nicesrc",     "rtph264depay", "rtpvp8depay", "rtph264pay", "rtpvp8pay",  "openh264dec",
    "openh264enc", "vp8dec",       "vp8enc",      "queue",      "capsfilter",
};

static gboolean
load_plugin (const char *name, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/libgst%s.so", TESSERA_GST_PLUGINS_DIR, name);
  g_autoptr (GError) why = NULL;
  GstPlugin *plugin = gst_plugin_load_file (path, &why);

  if (plugin == NULL) {
    g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "GStreamer plugin %s: %s", name,
                 why->message);
    return FALSE;
  }
  gst_object_unref (plugin);
  return TRUE;
}

/* A tracer is found through the registry, before anything can be loaded by hand. */
static gboolean
is_traced (void)
{
  return TESSERA_DEBUG_FAULTS && g_getenv ("GST_TRACERS") != NULL;
}

gboolean
mcu_plugins_load (const char *const *names, GError **error)
{
  for (guint i = 0; !is_traced () && names[i] != NULL; i++) {
    g_autoptr (GstPlugin) there = gst_registry_find_plugin (gst_registry_get (), names[i]);

    if (there == NULL && !load_plugin (names[i], error))
      return FALSE;
  }
  return TRUE;
}

gboolean
mcu_plugins_start (GError **error)
{
  if (is_traced ())
    return gst_init_check (NULL, NULL, error);
  g_setenv ("GST_REGISTRY_DISABLE", "yes", TRUE);
  g_setenv ("GST_PLUGIN_SYSTEM_PATH_1_0", "", TRUE);
  g_unsetenv ("GST_PLUGIN_PATH_1_0");
  g_unsetenv ("GST_PLUGIN_PATH");
  return gst_init_check (NULL, NULL, error);
}

gboolean
mcu_plugins_init (GError **error)
{
  return mcu_plugins_start (error) && mcu_plugins_load (plugins, error);
}

void
mcu_plugins_finish (void)
{
  if (is_traced ())
    gst_deinit ();
}

gboolean
mcu_plugins_warm_up (GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++) {
    GstElement *element = gst_element_factory_make (elements[i], NULL);

    if (element == NULL) {
      g_set_error (error, MCU_ERROR, MCU_ERROR_INTERNAL, "no GStreamer element %s", elements[i]);
      return FALSE;
    }
    gst_object_unref (gst_object_ref_sink (element));
  }
  return TRUE;
}
