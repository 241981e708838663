#!/bin/sh
# woodshed serve --tls: an authority of its own, made once; who trusts it gets through, who does not is warned; the school's certificate.
. "$SOURCE/tests/e2e/lib.sh"
command -v node >/dev/null || { echo "skipped: node is not here"; exit 77; }
. "$SOURCE/tests/e2e/serve_lib.sh"

ask() { # ask CA HOST PATH: prints the answer
  node -e '
    const [ca, host, path, port] = process.argv.slice(1);
    const opts = { host: "127.0.0.1", servername: host, port, path, headers: { host: host + ":" + port } };
    if (ca !== "-") opts.ca = require("fs").readFileSync(ca);
    require("https").get(opts, r => { r.pipe(process.stdout); if (r.headers["set-cookie"]) console.error(r.headers["set-cookie"][0]); })
      .on("error", e => { console.error(e.code); process.exit(1); });' "$1" "$2" "$3" "$PORT"
}

serve_start --tls --name room.school.example
expect 1 ask - localhost /api/hello
says err SELF_SIGNED_CERT_IN_CHAIN
cp tls/ca.crt ca.crt
expect 0 ask ca.crt localhost /api/hello
says out '"secure": true'
expect 0 ask ca.crt room.school.example /api/hello
expect 1 ask ca.crt evil.example /api/hello
expect 0 ask ca.crt localhost /api/join/ca.crt
equal out ca.crt
node -e 'require("http").get({ host: "127.0.0.1", port: process.argv[1], path: "/", headers: { host: "localhost:" + process.argv[1] } },
  r => { console.log(r.statusCode, r.headers.location); r.destroy(); })' "$PORT" >out
says out "301 https://localhost:$PORT/"
# handshakes that are begun and never ended keep nobody out, and are hung up on
node "$SOURCE/tests/e2e/serve_handshakes.mjs" "$PORT" ca.crt || fail "see above"
[ "$(stat -c %a tls/ca.key tls/server.key | sort -u)" = 600 ] || fail "others can read the keys"
serve_stop
serve_start --tls --name room.school.example # the same authority
equal tls/ca.crt ca.crt
expect 0 ask ca.crt localhost /api/join
says out '"own_ca": true'
serve_stop
serve_start --cert tls/server.crt --key tls/server.key # as a school's
expect 0 ask ca.crt localhost /api/join
says out '"own_ca": false'
serve_stop
expect 3 "$WOODSHED" serve --store store.db --cert tls/server.crt --key tls/ca.key
says err 'is not the key of'
expect 3 "$WOODSHED" serve --store store.db --cert nowhere.crt --key tls/ca.key
