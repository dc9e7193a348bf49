/* pipelines/record/ebml.h - elements of a Matroska file (RFC 8794), read and written; bounded.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pipelines/record/source-file.h"

#define MCU_EBML_UNKNOWN G_MAXUINT64
/* Sizes that are written are as long as this, so that they do not depend on what they say. */
#define MCU_EBML_HEAD_BYTES(id_bytes) ((id_bytes) + 8)

/** McuEbml: an element; @data_at is behind its head. */
typedef struct
{
  guint32 id;
  guint64 at;
  guint64 data_at;
  guint64 size; /* of its data; MCU_EBML_UNKNOWN */
} McuEbml;

/** mcu_ebml_read: the element at @at; FALSE: there is none before @end. */
gboolean mcu_ebml_read (McuSourceFile *file, guint64 at, guint64 end, McuEbml *element);

/** mcu_ebml_number: an unsigned integer, or 0. */
guint64 mcu_ebml_number (McuSourceFile *file, const McuEbml *element);

/* Elements at the end of @out. */
void mcu_ebml_put_head (GByteArray *out, guint32 id, guint64 size);
void mcu_ebml_put_number (GByteArray *out, guint32 id, guint64 value);
void mcu_ebml_put_float (GByteArray *out, guint32 id, double value);
void mcu_ebml_put_bytes (GByteArray *out, guint32 id, gconstpointer data, gsize size);
void mcu_ebml_put_text (GByteArray *out, guint32 id, const char *text);
/** mcu_ebml_open: begins a master. Returns: for mcu_ebml_close(). */
gsize mcu_ebml_open (GByteArray *out, guint32 id);
void mcu_ebml_close (GByteArray *out, gsize opened);
/** mcu_ebml_id_bytes: how long an id is. */
guint mcu_ebml_id_bytes (guint32 id);
