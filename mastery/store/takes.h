/// Takes in the store: the sound as a FLAC file named by its SHA-256 (a take that is not sound: the file as it was given), what
/// was heard in it, and the event with the scores.
///
/// Storing a take is one act: first the file stands under its name, synced, then one transaction writes the event, what was
/// heard and the derived rows. A crash between leaves a file that no event names; shed_store_check() lists it and
/// shed_store_clean() removes it. There is never an event without its file.
#ifndef SHED_STORE_TAKES_H
#define SHED_STORE_TAKES_H

#include "engine/base/hash.h"
#include "mastery/model/gate.h"
#include "mastery/store/store.h"

enum { SHED_TAKE_ACCOMMODATIONS = 200 };

/// What is kept of a take. Zero-initialised is legal but for the fields said to be needed. Everything is borrowed for the
/// call.
typedef struct {
  shed_uuid   student;   ///< needed
  shed_uuid   actor;     ///< who asked for it; "": the student
  const char *course;    ///< id; NULL: none
  const char *unit;      ///< id of the unit it counts towards; NULL: none
  const char *drill;     ///< id of the drill, or "file:NAME"; needed
  int         generator; ///< version of the drill's generator
  uint64_t    seed;
  uint64_t    item; ///< shed_gate_item(); 0: made from drill, generator and seed
  bool        counted;
  bool        draft; ///< kept, but not handed in: the gate does not see it until shed_store_submit_take()
  int64_t     performed_at_ms; ///< needed
  int         utc_offset_min;
  const char *retention;      ///< class: "practice", "evidence", "portfolio"; NULL: "practice"
  const char *device;         ///< name of the microphone; NULL unknown
  double      latency_s;      ///< NaN unknown
  const char *instrument;     ///< profile; NULL unknown
  double      a4_hz;          ///< 0: 440
  const char *accommodations; ///< in words, "slower tempo"; NULL none; under SHED_TAKE_ACCOMMODATIONS bytes

  double                  score;    ///< overall, NaN null
  int                     passed;   ///< 1, 0, -1 null
  double                  assessed; ///< 0..1
  shed_gate_mark          marks[SHED_DIMENSIONS];
  int                     n_marks;
  const shed_gate_answer *answers; ///< identification; NULL none
  int                     n_answers;
  const shed_json        *prompt;  ///< whole; NULL none
  const shed_json        *verdict; ///< the document; NULL none
  const shed_json        *policy;  ///< that it was judged by, whole; NULL none
  const shed_json        *rubrics; ///< points by rubrics, a list of their documents; NULL none
  const shed_json        *wrap; ///< what the player said before, meanwhile and after it, an object; NULL none

  const char
      *temp_path; ///< the stored form, from shed_store_take_temp(); moved away on SHED_OK; NULL: no sound
  const char          *ending; ///< of the file's name, one of file_endings.def; NULL: ".flac"
  shed_sha256          sha256; ///< of that file; needed with temp_path, and checked against it
  const unsigned char *heard;  ///< shed_take_encode(); NULL none
  size_t               n_heard;
  const char          *ear;    ///< its version; needed with heard
  const char          *engine; ///< NULL: this build's
} shed_take_record;

/// A name for a new file in the takes' folder, on the same file system, to hand to shed_sound_load(). What is left there
/// after a crash is removed when the store is next opened by one program alone.
SHED_NODISCARD shed_status shed_store_take_temp(shed_store *s, char *path, size_t size, shed_error *err);

/// Store a take.
///
/// @param[out] event its id; NULL is legal.
/// @return SHED_OK; SHED_E_NOTFOUND (no such student); SHED_E_STATE (the student was erased); SHED_E_RANGE
///         (a field is missing or out of range: named); SHED_E_CORRUPT (the file does not have that SHA-256).
///         On any failure the temporary file is gone and nothing was stored.
SHED_NODISCARD shed_status shed_store_record_take(shed_store *s, const shed_take_record *rec,
                                                  shed_uuid *event, shed_error *err);

/// Hand in a draft: from now on the gate sees it, at the time when it was played.
SHED_NODISCARD shed_status shed_store_submit_take(shed_store *s, const shed_uuid *actor,
                                                  const shed_uuid *take, shed_error *err);

/// What the player says of a kept take: why it came out so, and what is next. Each under 500 bytes; NULL or "" none. What is said again is
/// another event, the last one holds. @return as shed_store_submit_take().
SHED_NODISCARD shed_status shed_store_reflect_take(shed_store *s, const shed_uuid *actor,
                                                   const shed_uuid *take, const char *cause, const char *next,
                                                   shed_error *err);

/// A take as it stands now: corrections and hand-ins are in it, withdrawn ones are marked. Borrowed for the call.
typedef struct {
  shed_uuid   event, student;
  const char *course, *unit, *drill; ///< "" none
  const char *instrument;            ///< "" unknown
  const char *retention;
  const char *ear; ///< "" none
  int64_t     performed_at_ms;
  int         utc_offset_min;
  bool        counted, draft, withdrawn, corrected;
  bool        regraded; ///< judged again, and no teacher corrected it
  uint64_t    seed;
  double      score; ///< NaN null
  double      assessed;
  shed_sha256 sha256; ///< "" without sound
} shed_stored_take;

/// A student's takes in order of (performed_at, id); @p unit NULL: all. @p each returns false to stop.
SHED_NODISCARD shed_status shed_store_each_take(shed_store *s, const shed_uuid *student, const char *unit,
                                                bool (*each)(void *ctx, const shed_stored_take *t), void *ctx,
                                                shed_error *err);
/// The body of a take's event as it was written: prompt, verdict and all. The caller frees *body with shed_json_free().
/// @return SHED_OK; SHED_E_NOTFOUND (no such take, or erased).
SHED_NODISCARD shed_status shed_store_take_body(shed_store *s, const shed_uuid *take, shed_json **body,
                                                shed_error *err);

/// Path of a take's sound. @return SHED_OK; SHED_E_NOTFOUND; SHED_E_RANGE (the path does not fit @p size).
SHED_NODISCARD shed_status shed_store_take_path(shed_store *s, const shed_sha256 *sha256, char *path,
                                                size_t size, shed_error *err);
/// What was heard by the ear of version @p ear (NULL: any, the last by version). The caller frees *data with the store's
/// allocator. @return SHED_OK; SHED_E_NOTFOUND.
SHED_NODISCARD shed_status shed_store_read_heard(shed_store *s, const shed_sha256 *sha256, const char *ear,
                                                 unsigned char **data, size_t *n, shed_error *err);

#endif
