/// Small reads from a libxml2 element. Nothing here allocates or fails; what is not there is NULL, 0 or false.
#ifndef SHED_SCORE_MUSICXML_NODE_H
#define SHED_SCORE_MUSICXML_NODE_H

#include "engine/music/beat.h"

#include <stdbool.h>
#include <stddef.h>

// libxml2's own; only musicxml_node.c looks inside
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c)
typedef struct _xmlNode xmlNode;

enum { MUSICXML_TEXT = 256 }; // the longest text that is looked at

/// The first child element of this name; its next sibling element of any name; the first child element.
const xmlNode *musicxml_child(const xmlNode *node, const char *name);
const xmlNode *musicxml_next(const xmlNode *node);
const xmlNode *musicxml_first(const xmlNode *node);
bool           musicxml_is(const xmlNode *node, const char *name);
const char    *musicxml_name(const xmlNode *node);

/// The element's text without blanks around it, cut to size; "" when node is NULL. @return buf.
const char *musicxml_text(const xmlNode *node, char *buf, size_t size);
/// An attribute's value; NULL when it is not there. Borrowed.
const char *musicxml_attr(const xmlNode *node, const char *name);
/// Attribute name has this value.
bool musicxml_attr_is(const xmlNode *node, const char *name, const char *value);

/// The text as a whole number in range. @return false when it is none.
bool musicxml_int(const xmlNode *node, int min, int max, int *out);
/// A decimal ("1", "0.5", "-2.25") of at most nine digits before and six behind the point, exact.
bool musicxml_decimal(const char *text, shed_beat *out);

/// Line of the file; 0 unknown.
int musicxml_line(const xmlNode *node);

#endif
