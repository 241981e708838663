/// Reasons, warnings and advice: codes with parameters. Their texts stand in one catalogue, messages.def, so that they
/// can be translated and that a stored code keeps its meaning when its words change.
#ifndef SHED_BASE_MESSAGE_H
#define SHED_BASE_MESSAGE_H

#include "engine/base/json.h"
#include "engine/base/str.h"

typedef enum {
#define SHED_MESSAGE(id, text) SHED_MSG_##id,
#include "engine/base/messages.def"
#undef SHED_MESSAGE
  SHED_MSG_COUNT
} shed_message_code;

enum { SHED_MESSAGE_PARAMS = 7 };

/// A plain value. Parameters keep the order in which they were set.
typedef struct {
  shed_message_code code;
  int               n;
  struct {
    char key[16];
    char value[64]; ///< numbers are written in the C locale
  } params[SHED_MESSAGE_PARAMS];
} shed_message;

shed_message shed_message_of(shed_message_code code);
/// Set a parameter; more than SHED_MESSAGE_PARAMS is a broken promise.
void shed_message_str(shed_message *m, const char *key, const char *value);
void shed_message_num(shed_message *m, const char *key, double value, int decimals);

/// The stored name of a code: for example "take_too_quiet". Static.
const char *shed_message_id(shed_message_code code);
/// @return SHED_OK or SHED_E_NOTFOUND.
SHED_NODISCARD shed_status shed_message_find(const char *id, shed_message_code *out);

/// The sentence with its parameters put in: {name} takes the parameter's value; {name|one|many} takes the first word
/// when the value is 1, else, or without such a parameter, the second. A {name} without its parameter shows as it stands.
void shed_message_text(const shed_message *m, shed_str *out);

/// {"code": "...", "params..."}: the code and each parameter as a member; numbers as numbers.
shed_json                 *shed_message_to_json(const shed_message *m);
SHED_NODISCARD shed_status shed_message_from_json(const shed_json *v, shed_message *out, shed_error *err);

#endif
