/* tests/unit/layouts/layout-element.c - elements of a layout: what is read, refused, written,
 * placed and told over the link.  SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "layouts/element-json.h"
#include "layouts/layout-file.h"
#include "mcu/base/error.h"
#include "mcu/base/json-check.h"

#define GRID "\"arrangements\":[{\"people\":\"1+\",\"grid\":true}]"
#define AT "\"x\":0,\"y\":0,\"width\":1,\"height\":1"

static McuLayout *
parse (const char *text, GError **error)
{
  return mcu_layout_parse (text, strlen (text), "t.json", error);
}

/* The members of one element. */
static const struct
{
  const char *members;
  const char *error;
} wrong[] = {
    {AT, "t.json: elements[0].kind: missing, or not \"image\", \"logo\", \"clock\", \"caption\", "
         "\"recording\" or \"text\""},
    {"\"kind\":\"video\"," AT,
     "t.json: elements[0].kind: missing, or not \"image\", \"logo\", \"clock\", \"caption\", "
     "\"recording\" or \"text\""},
    {"\"kind\":7," AT, "t.json: elements[0].kind: not a string"},
    {"\"kind\":\"clock\",\"x\":0,\"y\":0,\"width\":1", "t.json: elements[0].height: missing"},
    {"\"kind\":\"clock\",\"x\":0.5,\"y\":0,\"width\":0.6,\"height\":1",
     "t.json: elements[0].width: ends outside the canvas (x + width > 1)"},
    {"\"kind\":\"clock\",\"x\":0,\"y\":0,\"width\":1,\"height\":0",
     "t.json: elements[0].height: 0"},
    {"\"kind\":\"clock\",\"text\":\"x\"," AT, "t.json: elements[0].text: there is no such member"},
    {"\"kind\":\"recording\",\"style\":\"bar\"," AT,
     "t.json: elements[0].style: there is no such member"},
    {"\"kind\":\"image\"," AT, "t.json: elements[0].image: missing"},
    {"\"kind\":\"logo\",\"image\":\"a/b.png\"," AT,
     "t.json: elements[0].image: not the name of a .png or .jpg"},
    {"\"kind\":\"logo\",\"image\":\"..png\"," AT,
     "t.json: elements[0].image: not the name of a .png or .jpg"},
    {"\"kind\":\"logo\",\"image\":\"a.gif\"," AT,
     "t.json: elements[0].image: not the name of a .png or .jpg"},
    {"\"kind\":\"logo\",\"image\":\"a.png\",\"fit\":\"fill\"," AT,
     "t.json: elements[0].fit: neither \"cover\" nor \"contain\""},
    {"\"kind\":\"logo\",\"image\":\"a.png\",\"alpha\":0," AT,
     "t.json: elements[0].alpha: 0: nothing would be seen"},
    {"\"kind\":\"logo\",\"image\":\"a.png\",\"alpha\":1.5," AT,
     "t.json: elements[0].alpha: not between 0 and 1"},
    {"\"kind\":\"logo\",\"image\":\"a.png\",\"z\":3," AT, "t.json: elements[0].z: not a string"},
    {"\"kind\":\"logo\",\"image\":\"a.png\",\"z\":\"top\"," AT,
     "t.json: elements[0].z: neither \"front\" nor \"behind\""},
    {"\"kind\":\"clock\",\"format\":\"13h\"," AT,
     "t.json: elements[0].format: neither \"24h\" nor \"12h\""},
    {"\"kind\":\"clock\",\"zone\":\"Asia/Seoul\"," AT,
     "t.json: elements[0].zone: neither \"local\" nor such as \"+09:00\""},
    {"\"kind\":\"clock\",\"zone\":\"+14:01\"," AT,
     "t.json: elements[0].zone: neither \"local\" nor such as \"+09:00\""},
    {"\"kind\":\"clock\",\"zone\":\"+09:60\"," AT,
     "t.json: elements[0].zone: neither \"local\" nor such as \"+09:00\""},
    {"\"kind\":\"clock\",\"seconds\":1," AT, "t.json: elements[0].seconds: not true or false"},
    {"\"kind\":\"caption\",\"style\":\"box\"," AT,
     "t.json: elements[0].style: not \"pill\", \"bar\" or \"plain\""},
    {"\"kind\":\"caption\",\"align\":\"middle\"," AT,
     "t.json: elements[0].align: not \"left\", \"centre\" or \"right\""},
    {"\"kind\":\"text\"," AT, "t.json: elements[0].text: missing, empty or longer than 256 bytes"},
    {"\"kind\":\"text\",\"text\":\"\"," AT,
     "t.json: elements[0].text: missing, empty or longer than 256 bytes"},
};

static void
test_layout_element__wrong (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *text = g_strdup_printf ("{\"name\":\"a\",\"elements\":[{%s}]," GRID "}",
                                             wrong[i].members);
    g_autoptr (GError) error = NULL;

    g_assert_null (parse (text, &error));
    g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
    g_assert_cmpstr (error->message, ==, wrong[i].error);
  }
}

/* Whole documents. */
static const struct
{
  const char *text;
  const char *error;
} wrong_documents[] = {
    {"{\"name\":\"a\",\"elements\":{}," GRID "}", "t.json: elements: not an array of at most 16"},
    {"{\"name\":\"a\",\"elements\":[7]," GRID "}", "t.json: elements[0]: not an object"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"grid\":true,\"elements\":[[]]}]}",
     "t.json: arrangements[0].elements[0]: not an object"},
    {"{\"name\":\"a\",\"background\":{\"image\":\"x\"}," GRID "}",
     "t.json: background.image: not the name of a .png or .jpg"},
    {"{\"name\":\"a\",\"background\":{\"image\":\"x.png\",\"alpha\":1}," GRID "}",
     "t.json: background.alpha: there is no such member"},
    {"{\"name\":\"a\",\"name\":\"b\"," GRID "}", "t.json: name: there twice"},
    {"{\"name\":\"a\",\"arrangements\":[{\"people\":\"1+\",\"slots\":[{" AT ",\"x\":0}]}]}",
     "t.json: arrangements[0].slots[0].x: there twice"},
    {"{\"name\":\"a\",\"elements\":[{\"kind\":\"clock\"," AT ",\"\\u0078\":0}]," GRID "}",
     "t.json: elements[0].x: there twice"},
};

static void
test_layout_element__wrong_documents (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrong_documents); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (parse (wrong_documents[i].text, &error));
    g_assert_error (error, MCU_ERROR, MCU_ERROR_BAD_REQUEST);
    g_assert_cmpstr (error->message, ==, wrong_documents[i].error);
  }
}

static const char everything[] =
    "{\"name\":\"a\",\"background\":{\"image\":\"hall.jpg\",\"fit\":\"contain\",\"colour\":"
    "\"#102030\"},\"elements\":["
    "{\"kind\":\"image\",\"image\":\"a.jpeg\"," AT "},"
    "{\"kind\":\"logo\",\"image\":\"Logo_1.png\",\"x\":\"3/4\",\"y\":0.05,\"width\":\"1/5\","
    "\"height\":\"1/10\",\"fit\":\"cover\",\"alpha\":0.5,\"z\":\"behind\"},"
    "{\"kind\":\"clock\",\"format\":\"12h\",\"seconds\":true,\"zone\":\"-03:30\",\"style\":"
    "\"plain\",\"align\":\"right\"," AT "},"
    "{\"kind\":\"caption\",\"style\":\"bar\",\"align\":\"left\"," AT "},"
    "{\"kind\":\"recording\"," AT "}],"
    "\"arrangements\":[{\"people\":\"1\",\"grid\":true,\"elements\":[{\"kind\":\"text\",\"text\":"
    "\"\xec\x84\x9c\xec\x9a\xb8\"," AT "}]},{\"people\":\"2+\",\"slots\":[{" AT "}]}]}";

static const McuElementLook *
look_of (const McuLayout *layout, guint i)
{
  return &g_array_index (layout->elements, McuElement, i).look;
}

static void
test_layout_element__everything (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (McuLayout) layout = parse (everything, &error);
  const McuArrangement *first;

  g_assert_no_error (error);
  g_assert_cmpstr (layout->background_image, ==, "hall.jpg");
  g_assert_cmpint (layout->background_fit, ==, MCU_FIT_CONTAIN);
  g_assert_cmphex (layout->background_rgba, ==, 0x102030ff);
  g_assert_cmpuint (layout->elements->len, ==, 5);
  g_assert_false (look_of (layout, 0)->in_front);
  g_assert_cmpint (look_of (layout, 0)->fit, ==, MCU_FIT_COVER);
  g_assert_false (look_of (layout, 1)->in_front);
  g_assert_cmpint (look_of (layout, 1)->fit, ==, MCU_FIT_COVER);
  g_assert_cmpint (look_of (layout, 1)->alpha, ==, 128);
  g_assert_true (look_of (layout, 2)->twelve_hours && look_of (layout, 2)->seconds);
  g_assert_true (look_of (layout, 2)->is_fixed_zone);
  g_assert_cmpint (look_of (layout, 2)->zone_min, ==, -210);
  g_assert_cmpint (look_of (layout, 2)->align, ==, MCU_ALIGN_RIGHT);
  g_assert_cmpint (look_of (layout, 3)->style, ==, MCU_LABEL_BAR);
  g_assert_true (look_of (layout, 4)->in_front);
  first = mcu_layout_get_arrangement (layout, 0);
  g_assert_cmpuint (first->elements->len, ==, 1);
  g_assert_cmpuint (mcu_layout_get_arrangement (layout, 1)->elements->len, ==, 0);
}

static void
test_layout_element__written (void)
{
  g_autoptr (McuLayout) layout = parse (everything, NULL);
  g_autofree char *text = mcu_layout_to_text (layout);
  g_autoptr (GError) error = NULL;
  g_autoptr (McuLayout) back = parse (text, &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  again = mcu_layout_to_text (back);
  g_assert_cmpstr (text, ==, again);
  g_assert_cmpuint (back->elements->len, ==, layout->elements->len);
  for (guint i = 0; i < layout->elements->len; i++)
    g_assert_cmpmem (look_of (back, i), sizeof (McuElementLook), look_of (layout, i),
                     sizeof (McuElementLook));
}

static gboolean
add_name (const char *name, gpointer user_data)
{
  g_string_append_printf (user_data, "%s ", name);
  return TRUE;
}

static void
test_layout_element__placed (void)
{
  g_autoptr (McuLayout) layout = parse (everything, NULL);
  g_autoptr (GString) names = g_string_new (NULL);
  McuElementBox boxes[MCU_ELEMENTS_MAX_PLACED];

  g_assert_cmpuint (mcu_layout_place_elements (layout, 0, 1280, 720, boxes), ==, 7);
  g_assert_cmpuint (mcu_layout_place_elements (layout, 1, 1280, 720, boxes), ==, 6);
  g_assert_cmpstr (boxes[0].look.image, ==, "hall.jpg");
  g_assert_cmpint (boxes[2].rect.x, ==, 960);
  g_assert_cmpint (boxes[2].rect.y, ==, 36);
  g_assert_cmpint (boxes[2].rect.width, ==, 256);
  g_assert_cmpint (boxes[2].rect.height, ==, 72);
  for (int side = 33; side < 400; side += 13) {
    guint n = mcu_layout_place_elements (layout, 0, side, 2 * side + 1, boxes);

    for (guint i = 0; i < n; i++) {
      g_assert_true (mcu_rect_is_even (&boxes[i].rect));
      g_assert_true (mcu_rect_is_inside (&boxes[i].rect, side, 2 * side + 1));
    }
  }
  g_assert_true (mcu_layout_foreach_image (layout, add_name, names));
  g_assert_cmpstr (names->str, ==, "hall.jpg a.jpeg Logo_1.png ");
}

static void
test_layout_element__over_the_link (void)
{
  g_autoptr (McuLayout) layout = parse (everything, NULL);
  McuElementBox boxes[MCU_ELEMENTS_MAX_PLACED], back;
  guint n = mcu_layout_place_elements (layout, 0, 1280, 720, boxes);

  for (guint i = 0; i < n; i++) {
    JsonObject *object = mcu_element_box_to_json (&boxes[i], NULL);

    g_assert_true (mcu_element_box_from_json (object, 1280, 720, &back));
    g_assert_cmpmem (&back, sizeof back, &boxes[i], sizeof boxes[i]);
    if (boxes[i].rect.width == 1280)
      g_assert_false (mcu_element_box_from_json (object, 1278, 720, &back));
    json_object_unref (object);
  }
}

static const char *const wrong_boxes[] = {
    "{}",
    "{\"kind\":\"clock\"}",
    "{\"kind\":\"clock\",\"x\":0,\"y\":0,\"width\":0,\"height\":10}",
    "{\"kind\":\"clock\",\"x\":1,\"y\":0,\"width\":10,\"height\":10}",
    "{\"kind\":\"clock\",\"x\":-2,\"y\":0,\"width\":10,\"height\":10}",
    "{\"kind\":\"clock\",\"x\":9223372036854775806,\"y\":0,\"width\":10,\"height\":10}",
    "{\"kind\":\"clock\",\"x\":0,\"y\":0,\"width\":10,\"height\":10,\"zone\":\"x\"}",
    "{\"kind\":\"image\",\"x\":0,\"y\":0,\"width\":10,\"height\":10}",
    "{\"kind\":\"image\",\"image\":\"a\",\"alpha\":256,\"x\":0,\"y\":0,\"width\":10,\"height\":10}",
    "{\"kind\":\"text\",\"x\":0,\"y\":0,\"width\":10,\"height\":10}",
};

static void
test_layout_element__wrong_boxes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrong_boxes); i++) {
    g_autoptr (JsonObject)
        object = mcu_json_parse_object (wrong_boxes[i], strlen (wrong_boxes[i]), NULL);
    McuElementBox box;

    g_assert_nonnull (object);
    g_assert_false (mcu_element_box_from_json (object, 100, 100, &box));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layouts/layout-element/wrong", test_layout_element__wrong);
  g_test_add_func ("/layouts/layout-element/wrong-documents", test_layout_element__wrong_documents);
  g_test_add_func ("/layouts/layout-element/everything", test_layout_element__everything);
  g_test_add_func ("/layouts/layout-element/written", test_layout_element__written);
  g_test_add_func ("/layouts/layout-element/placed", test_layout_element__placed);
  g_test_add_func ("/layouts/layout-element/over-the-link", test_layout_element__over_the_link);
  g_test_add_func ("/layouts/layout-element/wrong-boxes", test_layout_element__wrong_boxes);
  return g_test_run ();
}
