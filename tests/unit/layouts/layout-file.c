/* tests/unit/layouts/layout-file.c - what is read, what is refused and in which words.
 * SPDX-License-Identifier: Apache-2.0 */
#include "layouts/layout-file.h"

#include <string.h>

#include "config.h"
#include "layouts/layout-store.h"
#include "mcu/base/error.h"

#define GRID "\"arrangements\":[{\"people\":\"1+\",\"grid\":true}]"
#define SLOT "\"x\":0,\"y\":0,\"width\":1,\"height\":1"

static McuLayout *
parse (const char *text, GError **error)
{
  return mcu_layout_parse (text, strlen (text), "t.json", error);
}

/* A whole document, or the members of one slot. */
typedef struct
{
  const char *text;
  const char *error;
} Wrong;

static const Wrong wrong_documents[] = {
    {"{}", "t.json: name: missing, or not 1 to 64 small letters, digits and dashes"},
    {"{\"name\":\"A\"," GRID "}",
     "t.json: name: missing, or not 1 to 64 small letters, digits and dashes"},
    {"{\"name\":7," GRID "}", "t.json: name: not a string"},
    {"{\"name\":\"a\",\"title\":\"\"," GRID "}",
     "t.json: title: empty, longer than 128 characters, or no line"},
    {"{\"name\":\"a\",\"title\":\"a\\nb\"," GRID "}",
     "t.json: title: empty, longer than 128 characters, or no line"},
    {"{\"name\":\"a\",\"colour\":1," GRID "}", "t.json: colour: there is no such member"},
    {"{\"name\":\"a\",\"\\u0007\":1," GRID "}", "t.json: \\007: there is no such member"},
    {"{\"name\":\"a\"}", "t.json: arrangements: not an array of 1 to 32"},
    {"{\"name\":\"a\",\"arrangements\":{}}", "t.json: arrangements: not an array of 1 to 32"},
    {"{\"name\":\"a\",\"arrangements\":[]}", "t.json: arrangements: not an array of 1 to 32"},
    {"{\"name\":\"a\",\"arrangements\":[7]}", "t.json: arrangements[0]: not an object"},
    {"{\"name\":\"a\",\"gap\":0.2," GRID "}", "t.json: gap: not between 0 and 1/10"},
    {"{\"name\":\"a\",\"margin\":-1," GRID "}", "t.json: margin: not between 0 and 1/4"},
    {"{\"name\":\"a\",\"hold_ms\":60001," GRID "}", "t.json: hold_ms: not between 0 and 60000"},
    {"{\"name\":\"a\",\"hold_ms\":1.5," GRID "}", "t.json: hold_ms: not an integer"},
    {"{\"name\":\"a\",\"transition_ms\":\"1\"," GRID "}", "t.json: transition_ms: not an integer"},
    {"{\"name\":\"a\",\"transition_ms\":9223372036854775807," GRID "}",
     "t.json: transition_ms: not between 0 and 5000"},
    {"{\"name\":\"a\",\"hide_without_video\":1," GRID "}",
     "t.json: hide_without_video: not true or false"},
    {"{\"name\":\"a\",\"background\":\"../x.png\"," GRID "}",
     "t.json: background: neither a colour such as \"#1a2b3c\" nor the name of a .png or .jpg"},
    {"{\"name\":\"a\",\"background\":\".png\"," GRID "}",
     "t.json: background: neither a colour such as \"#1a2b3c\" nor the name of a .png or .jpg"},
    {"{\"name\":\"a\",\"background\":null," GRID "}", "t.json: background: not a string"},
    {"{\"name\":\"a\",\"arrangements\":[{\"grid\":true}]}",
     "t.json: arrangements[0].people: missing"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"0+\",\"grid\":true}]}",
     "t.json: arrangements[0].people: no range such as \"3\", \"1-3\" or \"4+\", from 1 on"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":3,\"grid\":true}]}",
     "t.json: arrangements[0].people: not a string"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"grid\":false}]}",
     "t.json: arrangements[0].grid: only true; else give \"slots\""},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"grid\":true,\"slots\":[]}]}",
     "t.json: arrangements[0].slots: there is no such member"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\"}]}",
     "t.json: arrangements[0].slots: missing or not an array; or say \"grid\": true"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"slots\":[]}]}",
     "t.json: arrangements[0].slots: not 1 to 64 slots"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"slots\":[[]]}]}",
     "t.json: arrangements[0].slots[0]: not an object"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"orientation\":\"up\",\"grid\":true}]}",
     "t.json: arrangements[0].orientation: neither \"landscape\" nor \"portrait\""},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"grid\":true,\"aspect\":\"16:9\"}]}",
     "t.json: arrangements[0].aspect: no shape such as \"16/9\", 1 to 64 each"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"grid\":true,\"aspect\":\"65/1\"}]}",
     "t.json: arrangements[0].aspect: no shape such as \"16/9\", 1 to 64 each"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"grid\":true,\"max\":50}]}",
     "t.json: arrangements[0].max: not between 1 and 49"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"2+\",\"grid\":true}]}",
     "t.json: arrangements: none for 1 people with 0 screens on a landscape canvas"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1-4\",\"grid\":true}]}",
     "t.json: arrangements: none for 5 people with 0 screens on a landscape canvas"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"screens\":\"0-1\",\"grid\":true}]}",
     "t.json: arrangements: none for 1 people with 2 screens on a landscape canvas"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"orientation\":\"landscape\",\"grid\":"
     "true}]}",
     "t.json: arrangements: none for 1 people with 0 screens on a portrait canvas"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1-3\",\"grid\":true},{\"people\":\"4+\","
     "\"slots\":[{\"x\":0,\"y\":0,\"width\":1.5,\"height\":1}]}]}",
     "t.json: arrangements[1].slots[0].width: not between 0 and 1"},
};

static const Wrong wrong_slots[] = {
    {"\"x\":-0.1,\"y\":0,\"width\":1,\"height\":1", "x: not between 0 and 1"},
    {"\"x\":\"-1/3\",\"y\":0,\"width\":1,\"height\":1", "x: not a fraction such as \"1/3\""},
    {"\"x\":true,\"y\":0,\"width\":1,\"height\":1", "x: not a number or a string such as \"1/3\""},
    {"\"x\":0,\"y\":\"4/3\",\"width\":1,\"height\":1", "y: not between 0 and 1"},
    {"\"x\":0,\"y\":0,\"width\":1e999,\"height\":1", NULL},
    {"\"x\":0,\"y\":0,\"width\":0,\"height\":1", "width: 0"},
    {"\"x\":0,\"y\":0,\"width\":1", "height: missing"},
    {"\"x\":\"2/3\",\"y\":0,\"width\":0.3334,\"height\":1",
     "width: ends outside the canvas (x + width > 1)"},
    {SLOT ",\"role\":\"boss\"",
     "role: not \"any\", \"speaker\", \"screen\", \"moderator\" or \"pinned\""},
    {SLOT ",\"role\":\"participant\"",
     "role: not \"any\", \"speaker\", \"screen\", \"moderator\" or \"pinned\""},
    {SLOT ",\"role\":\"any\",\"participant\":\"a\"", "participant: not together with \"role\""},
    {SLOT ",\"participant\":\"\"", "participant: empty or longer than 256 bytes"},
    {SLOT ",\"fit\":\"fill\"", "fit: neither \"cover\" nor \"contain\""},
    {SLOT ",\"role\":\"screen\",\"fit\":\"cover\"", "fit: a screen is never cut, only \"contain\""},
    {SLOT ",\"z\":100", "z: not between 0 and 99"},
    {SLOT ",\"radius\":0.6", "radius: not between 0 and 1/2"},
    {SLOT ",\"border\":0.1", "border: not between 0 and 1/20"},
    {SLOT ",\"border\":{\"colour\":\"#ffffff\"}", "border.width: missing, or 0"},
    {SLOT ",\"border\":{\"width\":0.01,\"colour\":\"red\"}",
     "border.colour: not a colour such as \"#1a2b3c\""},
    {SLOT ",\"border\":{\"width\":0.01,\"color\":\"#ffffff\"}",
     "border.color: there is no such member"},
    {SLOT ",\"label\":\"left\"", "label: no position such as \"bottom-left\""},
    {SLOT ",\"label\":7", "label: not true or false"},
    {SLOT ",\"label\":{\"style\":\"bold\"}", "label.style: not \"pill\", \"bar\" or \"plain\""},
    {SLOT ",\"label\":{\"size\":1}", "label.size: there is no such member"},
    {SLOT ",\"grid\":true,\"role\":\"speaker\"", "grid: only for the role \"any\""},
    {SLOT ",\"max\":3", "max: only with \"grid\": true"},
    {SLOT ",\"video\":\"no\"", "video: not true or false"},
    {SLOT "},{" SLOT, NULL},
};

static void
assert_refused (const char *text, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (text, &error));
  g_test_message ("%s -> %s", text, error->message);
  if (message == NULL)
    return;
  g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_layout_file__wrong_documents (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong_documents); i++)
    assert_refused (wrong_documents[i].text, wrong_documents[i].error);
}

static void
test_layout_file__wrong_slots (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong_slots); i++) {
    g_autofree char *text = g_strdup_printf (
        "{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"slots\":[{%s}]}]}",
        wrong_slots[i].text);
    g_autofree char *message = wrong_slots[i].error != NULL
                                   ? g_strdup_printf ("t.json: arrangements[0].slots[0].%s",
                                                      wrong_slots[i].error)
                                   : NULL;

    assert_refused (text, message);
  }
}

static void
test_layout_file__overlap_must_be_asked_for (void)
{
  assert_refused ("{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"slots\":[{" SLOT
                  "},{" SLOT "}]}]}",
                  "t.json: arrangements[0].slots[1]: overlaps slots[0] at the same z; what is in "
                  "front needs a higher \"z\"");
}

static void
test_layout_file__not_json (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *huge = g_strnfill (MCU_LAYOUT_MAX_BYTES + 1, ' ');

  g_assert_null (parse ("{\"name\":", &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_JSON);
  g_assert_true (g_str_has_prefix (error->message, "t.json: "));
  g_clear_error (&error);
  g_assert_null (parse (huge, &error));
  g_assert_error (error, MCU_ERROR, MCU_ERROR_TOO_LARGE);
}

static char *
repeat (const char *one, guint n)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (all, "%s%s", i > 0 ? "," : "", one);
  return g_string_free (g_steal_pointer (&all), FALSE);
}

static void
test_layout_file__bounds (void)
{
  g_autofree char *arrangements = repeat ("{\"people\":\"1+\",\"grid\":true}", 33);
  g_autofree char *too_many = g_strdup_printf ("{\"name\":\"a\",\"arrangements\":[%s]}",
                                               arrangements);
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (McuLayout) layout = NULL;
  g_autoptr (GError) error = NULL;

  assert_refused (too_many, "t.json: arrangements: not an array of 1 to 32");
  for (guint n = 64; n <= 65; n++) {
    g_autofree char *text = NULL;

    g_string_truncate (all, 0);
    for (guint i = 0; i < n; i++)
      g_string_append_printf (all, "%s{\"x\":\"%u/65\",\"y\":0,\"width\":\"1/65\",\"height\":1}",
                              i > 0 ? "," : "", i);
    text = g_strdup_printf (
        "{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"slots\":[%s]}]}", all->str);
    if (n == 65) {
      assert_refused (text, "t.json: arrangements[0].slots: not 1 to 64 slots");
    } else {
      layout = parse (text, &error);
      g_assert_no_error (error);
    }
  }
}

static void
test_layout_file__everything_is_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (McuLayout) layout = parse (
      "{\"$schema\":\"s\",\"name\":\"all\",\"title\":\"모두\",\"background\":\"b.png\","
      "\"gap\":0.01,\"margin\":\"1/50\",\"hide_without_video\":true,\"hold_ms\":0,"
      "\"transition_ms\":5000,\"arrangements\":[{\"people\":\"1-3\",\"screens\":\"0+\","
      "\"slots\":[{\"x\":\"1/3\",\"y\":0.25,\"width\":\"2/3\",\"height\":0.75,\"role\":"
      "\"pinned\",\"fit\":\"contain\",\"z\":3,\"radius\":0.5,\"border\":{\"width\":\"1/100\","
      "\"colour\":\"#01020304\",\"speaking\":\"#050607\"},\"label\":{\"position\":\"top\","
      "\"style\":\"bar\"},\"video\":false},{\"x\":0,\"y\":0,\"width\":\"1/3\",\"height\":1,"
      "\"grid\":true,\"max\":5,\"aspect\":\"4/3\",\"border\":0.01,\"label\":false}]},"
      "{\"people\":\"4+\",\"orientation\":\"portrait\",\"grid\":true},"
      "{\"people\":\"4+\",\"slots\":[{" SLOT ",\"participant\":\"ada\"}]}]}",
      &error);
  const McuSlot *slot;

  g_assert_no_error (error);
  g_assert_cmpstr (layout->title, ==, "모두");
  g_assert_cmpstr (layout->background_image, ==, "b.png");
  g_assert_cmpint (layout->margin.den, ==, 50);
  g_assert_true (layout->hide_without_video);
  g_assert_cmpuint (layout->hold_ms, ==, 0);
  g_assert_cmpuint (layout->transition_ms, ==, 5000);
  slot = mcu_arrangement_get_slot (mcu_layout_get_arrangement (layout, 0), 0);
  g_assert_cmpint (slot->x.den, ==, 3);
  g_assert_cmpint (slot->role, ==, MCU_SLOT_PINNED);
  g_assert_cmpint (slot->style.fit, ==, MCU_FIT_CONTAIN);
  g_assert_cmpint (slot->style.z, ==, 3);
  g_assert_cmphex (slot->style.border_rgba, ==, 0x01020304);
  g_assert_cmphex (slot->style.speaking_rgba, ==, 0x050607ff);
  g_assert_cmpint (slot->style.label, ==, MCU_LABEL_TOP);
  g_assert_cmpint (slot->style.label_style, ==, MCU_LABEL_BAR);
  g_assert_true (slot->style.no_video);
  slot = mcu_arrangement_get_slot (mcu_layout_get_arrangement (layout, 0), 1);
  g_assert_true (slot->is_grid);
  g_assert_cmpuint (slot->max_tiles, ==, 5);
  g_assert_cmpuint (slot->aspect_num, ==, 4);
  g_assert_cmphex (slot->style.speaking_rgba, ==, 0xffffffff);
  g_assert_cmpint (slot->style.label, ==, MCU_LABEL_NONE);
  g_assert_cmpint (mcu_layout_get_arrangement (layout, 1)->orientation, ==,
                   MCU_ORIENTATION_PORTRAIT);
  slot = mcu_arrangement_get_slot (mcu_layout_get_arrangement (layout, 2), 0);
  g_assert_cmpstr (slot->identity, ==, "ada");
}

static void
assert_round_trip (const McuLayout *layout)
{
  g_autofree char *text = mcu_layout_to_text (layout);
  g_autoptr (GError) error = NULL;
  g_autoptr (McuLayout) back = parse (text, &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  again = mcu_layout_to_text (back);
  g_assert_cmpstr (text, ==, again);
  g_assert_cmpuint (back->arrangements->len, ==, layout->arrangements->len);
  for (guint i = 0; i < layout->arrangements->len; i++) {
    const McuArrangement *a = mcu_layout_get_arrangement (layout, i);
    const McuArrangement *b = mcu_layout_get_arrangement (back, i);

    g_assert_cmpuint (a->slots->len, ==, b->slots->len);
    for (guint j = 0; j < a->slots->len; j++) {
      const McuSlot *p = mcu_arrangement_get_slot (a, j), *q = mcu_arrangement_get_slot (b, j);

      g_assert_cmpint (mcu_fraction_compare (&p->x, &q->x), ==, 0);
      g_assert_cmpint (mcu_fraction_compare (&p->height, &q->height), ==, 0);
      g_assert_cmpint (mcu_fraction_compare (&p->style.radius, &q->style.radius), ==, 0);
      g_assert_cmpint (p->role, ==, q->role);
      g_assert_cmpint (p->style.fit, ==, q->style.fit);
      g_assert_cmpuint (p->max_tiles, ==, q->max_tiles);
      g_assert_cmphex (p->style.speaking_rgba, ==, q->style.speaking_rgba);
      g_assert_cmpint (p->style.label, ==, q->style.label);
    }
  }
}

static void
test_layout_file__what_is_written_reads_the_same (void)
{
  g_autoptr (McuLayoutStore) store = mcu_layout_store_new (NULL);
  g_autoptr (GPtrArray) layouts = mcu_layout_store_list (store);

  for (guint i = 0; i < layouts->len; i++)
    assert_round_trip (layouts->pdata[i]);
}

/* The schema names what the reader knows: each of its members may stand where it says. */
static JsonObject *
properties (JsonObject *schema, const char *definition)
{
  JsonObject *definitions = json_object_get_object_member (schema, "$defs");

  return json_object_get_object_member (
      definition != NULL ? json_object_get_object_member (definitions, definition) : schema,
      "properties");
}

static void
assert_known (JsonObject *members, const char *before, const char *after)
{
  g_autoptr (GList) names = json_object_get_members (members);

  g_assert_nonnull (names);
  for (GList *item = names; item != NULL; item = item->next) {
    g_autofree char *text = g_strdup_printf ("%s\"%s\":[]%s", before, (const char *) item->data,
                                             after);
    g_autoptr (GError) error = NULL;

    g_assert_null (parse (text, &error));
    g_test_message ("%s: %s", (const char *) item->data, error->message);
    g_assert_null (strstr (error->message, "no such member"));
  }
}

static void
test_layout_file__schema_names_the_same_members (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *schema;

  json_parser_load_from_file (parser, TESSERA_SOURCE_DIR "/layouts/layout.schema.json", &error);
  g_assert_no_error (error);
  schema = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpuint (json_object_get_size (properties (schema, NULL)), ==, 11);
  g_assert_cmpuint (json_object_get_size (properties (schema, "slot")), ==, 15);
  assert_known (properties (schema, NULL), "{", "}");
  assert_known (properties (schema, "slot"),
                "{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"slots\":[{", "}]}]}");
  assert_known (properties (schema, "slotsArrangement"), "{\"name\":\"a\",\"arrangements\":[{",
                "}]}");
  assert_known (properties (schema, "gridArrangement"),
                "{\"name\":\"a\",\"arrangements\":[{\"grid\":true,", "}]}");
}

/* What people copy from the documentation works. */
static void
test_layout_file__examples_in_the_documentation (void)
{
  g_autofree char *page = NULL;
  g_auto (GStrv) parts = NULL;
  guint n = 0;

  g_assert_true (
      g_file_get_contents (TESSERA_SOURCE_DIR "/docs/layout-format.md", &page, NULL, NULL));
  parts = g_strsplit (page, "```", -1);
  for (guint i = 1; parts[i] != NULL; i += 2) {
    g_autoptr (GError) error = NULL;
    g_autoptr (McuLayout) layout = NULL;

    if (!g_str_has_prefix (parts[i], "json"))
      continue;
    layout = parse (parts[i] + strlen ("json"), &error);
    g_assert_no_error (error);
    n++;
  }
  g_assert_cmpuint (n, >=, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/layout-file/wrong_documents", test_layout_file__wrong_documents);
  g_test_add_func ("/layouts/layout-file/wrong_slots", test_layout_file__wrong_slots);
  g_test_add_func ("/layouts/layout-file/overlap_must_be_asked_for",
                   test_layout_file__overlap_must_be_asked_for);
  g_test_add_func ("/layouts/layout-file/not_json", test_layout_file__not_json);
  g_test_add_func ("/layouts/layout-file/bounds", test_layout_file__bounds);
  g_test_add_func ("/layouts/layout-file/everything_is_read", test_layout_file__everything_is_read);
  g_test_add_func ("/layouts/layout-file/what_is_written_reads_the_same",
                   test_layout_file__what_is_written_reads_the_same);
  g_test_add_func ("/layouts/layout-file/schema_names_the_same_members",
                   test_layout_file__schema_names_the_same_members);
  g_test_add_func ("/layouts/layout-file/examples_in_the_documentation",
                   test_layout_file__examples_in_the_documentation);

  return g_test_run ();
}
