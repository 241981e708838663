// About this file: compressed MusicXML: a zip in which META-INF/container.xml names the score. Nothing is extracted to a
// disk: the two files are unpacked in memory, so that a name like ../../x is only a name that is not found.

#include "engine/base/str.h"
#include "engine/score/musicxml_node.h"
#include "engine/score/readers.h"

#include <libxml/parser.h>
#include <string.h>
#include <zip.h>

static const char   CONTAINER[]         = "META-INF/container.xml";
static const size_t MAX_CONTAINER_BYTES = 65536;

bool
shed_score_is_mxl(const char *data, size_t n)
{
  return n > 4 && (memcmp(data, "PK\3\4", 4) == 0 || memcmp(data, "PK\5\6", 4) == 0);
}

static shed_status
fail_zip(const shed_score *score, shed_error *err, shed_status st, const char *what, const char *name)
{
  return shed_score_fail(score, err, st, 0, "%s: \"%.100s\"", what, name);
}

// Read what an open file of the archive gives, however long its header says it is.
static shed_status
unpack(zip_file_t *file, const shed_score *score, const char *name, size_t limit, char **data, size_t *n,
       shed_error *err)
{
  shed_str    text = {.alloc = score->alloc};
  char        block[16384];
  zip_int64_t got = 0;
  while ((got = zip_fread(file, block, sizeof(block))) > 0) {
    if (text.len + (size_t)got > limit) {
      shed_str_free(&text);
      return shed_score_fail(score, err, SHED_E_LIMIT, 0, "unpacks to more than %zu bytes: \"%.100s\"", limit,
                             name);
    }
    shed_str_addn(&text, block, (size_t)got);
  }
  if (got < 0) {
    shed_str_free(&text);
    return fail_zip(score, err, SHED_E_FORMAT,
                    "a file in the archive is damaged or of an unknown compression", name);
  }
  shed_str_addn(&text, "", 0); // an empty file is an empty text, not none
  if (text.failed) {
    shed_str_free(&text);
    return SHED_E_NOMEM;
  }
  *data = text.text;
  *n    = text.len;
  return SHED_OK;
}

static shed_status
read_entry(zip_t *zip, const shed_score *score, const char *name, size_t limit, char **data, size_t *n,
           shed_error *err)
{
  zip_int64_t at = zip_name_locate(zip, name, 0);
  zip_stat_t  stat;
  if (at < 0) {
    return fail_zip(score, err, SHED_E_FORMAT, "the archive does not hold the file", name);
  }
  if (zip_stat_index(zip, (zip_uint64_t)at, 0, &stat) == 0 && (stat.valid & ZIP_STAT_SIZE) &&
      stat.size > limit) {
    return shed_score_fail(score, err, SHED_E_LIMIT, 0, "unpacks to more than %zu bytes: \"%.100s\"", limit,
                           name);
  }
  zip_file_t *file = zip_fopen_index(zip, (zip_uint64_t)at, 0);
  if (!file) {
    int reason = zip_error_code_zip(zip_get_error(zip));
    return fail_zip(score, err, reason == ZIP_ER_MEMORY ? SHED_E_NOMEM : SHED_E_FORMAT,
                    reason == ZIP_ER_NOPASSWD ? "a file in the archive is encrypted"
                                              : "a file in the archive cannot be unpacked",
                    name);
  }
  shed_status st = unpack(file, score, name, limit, data, n, err);
  (void)zip_fclose(file);
  return st;
}

// The full-path of the container's first rootfile.
static shed_status
root_file(const shed_score *score, const char *data, size_t n, char *path, size_t size, shed_error *err)
{
  xmlDocPtr doc =
      xmlReadMemory(data, (int)n, NULL, NULL,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
  if (!doc) {
    return fail_zip(score, err, SHED_E_FORMAT, "malformed XML in the archive", CONTAINER);
  }
  const xmlNode *root  = xmlDocGetRootElement(doc);
  const xmlNode *files = root ? musicxml_child(root, "rootfiles") : NULL;
  const xmlNode *file  = files ? musicxml_child(files, "rootfile") : NULL;
  const char    *value = file ? musicxml_attr(file, "full-path") : NULL;
  shed_status    st    = SHED_OK;
  if (!value || strlen(value) >= size) {
    st = fail_zip(score, err, SHED_E_FORMAT, "no <rootfile full-path=...> in the archive's list", CONTAINER);
  } else {
    memcpy(path, value, strlen(value) + 1);
  }
  xmlFreeDoc(doc);
  return st;
}

static shed_status
read_archive(zip_t *zip, shed_score *score, shed_error *err)
{
  char       *container = NULL;
  char       *music     = NULL;
  size_t      n         = 0;
  char        path[512];
  shed_status st = read_entry(zip, score, CONTAINER, MAX_CONTAINER_BYTES, &container, &n, err);
  if (st != SHED_OK) {
    return st;
  }
  st = root_file(score, container, n, path, sizeof(path), err);
  shed_free(score->alloc, container);
  if (st == SHED_OK) {
    st = read_entry(zip, score, path, SHED_SCORE_MAX_BYTES, &music, &n, err);
  }
  if (st != SHED_OK) {
    return st;
  }
  if (n == 0) {
    st = fail_zip(score, err, SHED_E_FORMAT, "a file in the archive is empty", path);
  } else if (!shed_score_is_musicxml(music, n)) {
    st = fail_zip(score, err, SHED_E_FORMAT, "a file in the archive is not MusicXML", path);
  } else {
    st = shed_score_read_musicxml(music, n, score, err);
  }
  shed_free(score->alloc, music);
  return st;
}

shed_status
shed_score_read_mxl(const char *data, size_t n, shed_score *score, shed_error *err)
{
  zip_error_t   error;
  zip_t        *zip    = NULL;
  zip_source_t *source = NULL;
  zip_error_init(&error);
  source = zip_source_buffer_create(data, n, 0, &error);
  zip    = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
  if (!zip) {
    bool no_memory = zip_error_code_zip(&error) == ZIP_ER_MEMORY;
    zip_source_free(source);
    shed_status st = no_memory ? SHED_E_NOMEM
                               : shed_score_fail(score, err, SHED_E_FORMAT, 0, "is no whole zip archive: %s",
                                                 zip_error_strerror(&error));
    zip_error_fini(&error);
    return st;
  }
  shed_status st = read_archive(zip, score, err);
  zip_discard(zip);
  zip_error_fini(&error);
  return st;
}
