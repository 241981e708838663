#include "app/serve/serve.h"

#include <qrencode.h>
#include <string.h>

enum { QUIET = 2 }; // modules of white around it; readers ask for four on paper, and take two on a screen

static QRcode *
encode(const char *text)
{
  return QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
}

static bool
dark(const QRcode *qr, int x, int y)
{
  return x >= 0 && y >= 0 && x < qr->width && y < qr->width && (qr->data[y * qr->width + x] & 1);
}

shed_status
shed_qr_terminal(const char *text, shed_str *out)
{
  QRcode *qr = encode(text);
  if (!qr) {
    return SHED_E_LIMIT;
  }
  // two rows of modules in one of letters; drawn light on dark, as terminals mostly are, so that white is what is printed
  static const char *const blocks[] = {"█", "▀", "▄", " "};
  for (int y = -QUIET; y < qr->width + QUIET; y += 2) {
    for (int x = -QUIET; x < qr->width + QUIET; x++) {
      shed_str_add(out, blocks[(dark(qr, x, y) ? 2 : 0) + (dark(qr, x, y + 1) ? 1 : 0)]);
    }
    shed_str_add(out, "\n");
  }
  QRcode_free(qr);
  return out->failed ? SHED_E_NOMEM : SHED_OK;
}

shed_status
shed_qr_svg(const char *text, shed_str *out)
{
  QRcode *qr = encode(text);
  if (!qr) {
    return SHED_E_LIMIT;
  }
  int side = qr->width + 4 * QUIET;
  shed_str_addf(
      out,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
      "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
      side, side, side, side);
  for (int y = 0; y < qr->width; y++) {
    for (int x = 0; x < qr->width; x++) {
      if (dark(qr, x, y)) {
        shed_str_addf(out, "M%d %dh1v1h-1z", x + 2 * QUIET, y + 2 * QUIET);
      }
    }
  }
  shed_str_add(out, "\"/></svg>\n");
  QRcode_free(qr);
  return out->failed ? SHED_E_NOMEM : SHED_OK;
}
