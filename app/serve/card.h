/// The sound card of the machine that the server runs on: the second way of capture, for who sits at that machine. It belongs to one
/// player at a time.
///
/// Its keeper is one thread, since PortAudio wants one for all streams of a process: it lists and opens devices for desks, which wait for it,
/// reads the microphone, and puts clicks and models onto the loudspeaker. The event loop never waits for it: what the loop calls takes
/// a lock that is held for a copy alone.
///
///     desk --shed_card_list(), shed_card_open()--> keeper --player.sound()--> inbox of a listener
///     worker --shed_card_play()--> keeper --> stage of the stream
#ifndef SHED_SERVE_CARD_H
#define SHED_SERVE_CARD_H

#include "engine/audio/devices.h"
#include "engine/audio/latency.h"
#include "engine/audio/mixer.h"

typedef struct shed_card shed_card;

/// Which devices; "" is the system's default. Zeroed is a good beginning.
typedef struct {
  char input[SHED_DEVICE_NAME], output[SHED_DEVICE_NAME], api[SHED_DEVICE_API];
  bool silent; ///< nothing sounds: the microphone alone
} shed_card_wish;

/// What was opened. A plain value.
typedef struct {
  uint64_t         stream; ///< its number, over 0: sound of an earlier stream bears an earlier one
  shed_live_device device;
  bool             has_measured;
  shed_latency     measured; ///< has_measured: taken off the frames already
} shed_card_opened;

/// Who hears it. The keeper calls these under its lock: they copy and return, and call nothing of the card.
typedef struct {
  void *ctx;
  /// @param given what the loudspeaker was given at the same instants; NULL when nothing sounds. Borrowed for the call.
  void (*sound)(void *ctx, uint64_t stream, const shed_live_place *place, const float *mic,
                const float *given, size_t n);
  /// The device is gone (@p lost, and what to do about it), or there again, or somebody else has it now.
  void (*told)(void *ctx, bool lost, const char *text);
  bool (*may_lose)(
      void *ctx); ///< somebody else asks for the card: whether it may be taken away (no take is being played)
} shed_card_player;

/// Nothing of the sound system is touched until somebody asks. @return SHED_OK, SHED_E_NOMEM, SHED_E_LIMIT (no thread).
SHED_NODISCARD shed_status shed_card_new(shed_card **out, const shed_alloc *alloc, shed_error *err);
/// Ends the stream and the keeper; who asks from now on gets SHED_E_BUSY. NULL is legal.
void shed_card_end(shed_card *card);
/// When nobody calls it any more. NULL is legal.
void shed_card_free(shed_card *card);

/// @return as shed_devices_list(); SHED_E_BUSY: the sound system does not answer. The caller frees *out. Thread: desks; waits, five seconds at most.
SHED_NODISCARD shed_status shed_card_list(shed_card *card, shed_devices *out, shed_error *err);
/// Take the card for @p player, open what is wished for and start it: with the round trip taken off where it was measured. The same wish
/// again goes on with the stream that runs.
/// @param player copied; its ctx lives until shed_card_release().
/// @return SHED_OK; SHED_E_BUSY: another is playing on it, another program has it, or the sound system does not answer; as shed_live_open().
///         On failure the player has no card. Thread: desks; waits, five seconds at most.
SHED_NODISCARD shed_status shed_card_open(shed_card *card, const shed_card_player *player,
                                          const shed_card_wish *wish, shed_card_opened *out, shed_error *err);
/// What shall sound from @p at_frame of the stream on, in place of what sounds now. Where the card is not (any more) @p ctx's, nothing does.
/// @param mixer taken; NULL: silence. Any thread; does not wait.
void shed_card_play(shed_card *card, const void *ctx, shed_mixer *mixer, uint64_t at_frame);
/// @p ctx hears nothing more once it returns, and may be freed; its stream ends. Any thread; does not wait.
void shed_card_release(shed_card *card, const void *ctx);
/// Whether somebody has it.
bool shed_card_held(shed_card *card);

#endif
