# The pitch of a sound each 10 ms, "time_s f0_hz" a line, 0 where Praat says unvoiced. Praat's own settings but the range.
form Pitch
  sentence in
  word method
  real floor 60
  real ceiling 1000
endform
Read from file: in$
stereo = Get number of channels
if stereo > 1
  Convert to mono
endif
if method$ = "ac"
  To Pitch (ac): 0.01, floor, 15, "no", 0.03, 0.45, 0.01, 0.35, 0.14, ceiling
else
  To Pitch (cc): 0.01, floor, 15, "no", 0.03, 0.45, 0.01, 0.35, 0.14, ceiling
endif
n = Get number of frames
for i to n
  t = Get time from frame number: i
  f = Get value in frame: i, "Hertz"
  if f = undefined
    f = 0
  endif
  appendInfoLine: fixed$ (t, 5), " ", fixed$ (f, 4)
endfor
