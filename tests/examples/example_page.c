// example_page FOLDER: reads what make_examples.sh has put there (truth.json, verdict.json, frames.csv or notes.csv) and writes
// planted.md, checklist.md and trace.svg beside it. Exit 0: all that was planted is named and nothing is invented; 1: not so;
// 3: something could not be read.
#include "engine/base/file.h"
#include "tests/examples/example.h"

#include <stdio.h>

enum { EXIT_NOT_ALL = 1, EXIT_USAGE = 2, EXIT_INPUT = 3 };

static shed_status
write_text(const char *folder, const char *name, const shed_str *text, shed_error *err)
{
  char path[512];
  (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
  return shed_file_write_atomic(path, shed_str_text(text), text->len, err);
}

int
main(int argc, char **argv)
{
  example    e       = {0};
  shed_str   planted = {0}, checklist = {0};
  shed_error err = {0};
  char       svg[512];
  bool       good = false;
  if (argc != 2) {
    (void)fputs("usage: example_page FOLDER\n", stderr);
    return EXIT_USAGE;
  }
  (void)snprintf(svg, sizeof(svg), "%s/trace.svg", argv[1]);
  shed_status st = example_read(argv[1], &e, &err);
  if (st == SHED_OK) {
    good = example_check(&e, &planted, &checklist);
    st   = write_text(argv[1], "planted.md", &planted, &err);
  }
  if (st == SHED_OK && (st = write_text(argv[1], "checklist.md", &checklist, &err)) == SHED_OK) {
    st = example_trace(&e, svg, &err);
  }
  if (st != SHED_OK) {
    (void)fprintf(stderr, "example_page: %s: %s\n", err.where, err.what);
  }
  shed_str_free(&planted);
  shed_str_free(&checklist);
  example_free(&e);
  return st != SHED_OK ? EXIT_INPUT : good ? 0 : EXIT_NOT_ALL;
}
