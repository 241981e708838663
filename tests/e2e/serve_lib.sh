#!/bin/sh
# Sourced by the server's scripts: a server on a free port, with a page.
SERVER=

serve_stop() {
  [ -z "$SERVER" ] || { kill "$SERVER" 2>/dev/null || true; wait "$SERVER" 2>/dev/null || true; }
  SERVER=
}
trap serve_stop EXIT

# shellcheck disable=SC2120 # most start it without options
# serve_start [OPTION...]: PORT is where it answers, messages in ./server.err
serve_start() {
  mkdir -p web
  echo '<!doctype html><title>page</title>' >web/index.html
  : >server.out
  "$WOODSHED" serve --store store.db --web web --port "$(free_port)" "$@" >server.out 2>server.err &
  SERVER=$!
  tries=0
  until grep -q 'Ctrl-C' server.out; do
    tries=$((tries + 1))
    if [ $tries -ge 400 ] || ! kill -0 "$SERVER" 2>/dev/null; then
      cat server.out server.err
      fail "the server does not start"
    fi
    sleep .05
  done
  # shellcheck disable=SC2034 # whoever sources this asks there
  PORT=$(sed -n 's|^The practice room is open: .*:\([0-9]*\)/$|\1|p' server.out)
}

free_port() {
  node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
}
