// A keyboard where there is none: preloaded in place of PortMidi, plays what WOODSHED_TEST_KEYS says, a message a line:
//   MS STATUS DATA1 DATA2      MS after the keyboard was opened; or: MS overflow
#include <portmidi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4096 };

typedef struct {
  long    at_ms;
  PmEvent event;
  int     overflow;
} row;

static struct {
  row           rows[MOST];
  int           n, next;
  PmTimeProcPtr time;
  void         *info;
  PmTimestamp   from;
} keyboard;

static PmDeviceInfo info = {.structVersion = 200, .interf = "ALSA", .name = "Test Piano", .input = 1};

PmError
Pm_Initialize(void)
{
  return pmNoError;
}

PmError
Pm_Terminate(void)
{
  return pmNoError;
}

int
Pm_CountDevices(void)
{
  return 1;
}

const PmDeviceInfo *
Pm_GetDeviceInfo(PmDeviceID id)
{
  return id == 0 ? &info : NULL;
}

const char *
Pm_GetErrorText(PmError code)
{
  (void)code;
  return "no file WOODSHED_TEST_KEYS";
}

static int
read_rows(FILE *file)
{
  char line[120];
  while (keyboard.n < MOST && fgets(line, sizeof(line), file)) {
    row *r = &keyboard.rows[keyboard.n];
    char what[40], *at = line;
    r->at_ms = strtol(line, &at, 10);
    if (sscanf(at, " %39s", what) == 1 && strcmp(what, "overflow") == 0) {
      r->overflow = 1;
    } else {
      long data[3];
      for (int i = 0; i < 3; i++) {
        data[i] = strtol(at, &at, 0);
      }
      r->event.message = Pm_Message(data[0], data[1], data[2]);
    }
    keyboard.n++;
  }
  return keyboard.n;
}

PmError
Pm_OpenInput(PortMidiStream **stream, PmDeviceID id, void *driver, int32_t size, PmTimeProcPtr time,
             void *time_info)
{
  const char *path = getenv("WOODSHED_TEST_KEYS");
  FILE       *file = path ? fopen(path, "r") : NULL;
  (void)id;
  (void)driver;
  (void)size;
  if (!file) {
    return pmHostError;
  }
  (void)read_rows(file);
  (void)fclose(file);
  keyboard.time = time;
  keyboard.info = time_info;
  keyboard.from = time(time_info);
  *stream       = &keyboard;
  return pmNoError;
}

PmError
Pm_SetFilter(PortMidiStream *stream, int32_t filters)
{
  (void)stream;
  (void)filters;
  return pmNoError;
}

PmError
Pm_Close(PortMidiStream *stream)
{
  (void)stream;
  return pmNoError;
}

int
Pm_Read(PortMidiStream *stream, PmEvent *buffer, int32_t length)
{
  int n = 0;
  (void)stream;
  while (n < length && keyboard.next < keyboard.n) {
    const row        *r   = &keyboard.rows[keyboard.next];
    const PmTimestamp due = keyboard.from + (PmTimestamp)r->at_ms;
    if (due > keyboard.time(keyboard.info) || (r->overflow && n > 0)) {
      break;
    }
    keyboard.next++;
    if (r->overflow) {
      return pmBufferOverflow;
    }
    buffer[n]           = r->event;
    buffer[n].timestamp = due;
    n++;
  }
  return n;
}
