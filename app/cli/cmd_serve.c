// About this file: woodshed serve: the practice room for browsers, until it is stopped.
#include "app/cli/common.h"
#include "app/serve/serve.h"

#include <signal.h>
#include <string.h>

static void
print_room(shed_cli *cli, const shed_serve *s)
{
  shed_str qr = {0};
  (void)fprintf(cli->out, "The practice room is open: %s\n", shed_serve_address(s));
  if (shed_cli_utf8() && shed_cli_columns(cli) >= 40 &&
      shed_qr_terminal(shed_serve_address(s), &qr) == SHED_OK) {
    (void)fputs(shed_str_text(&qr), cli->out);
  }
  shed_str_free(&qr);
  if (shed_serve_first_code(s)[0]) {
    (void)fprintf(cli->out,
                  "Nobody has an account yet: the first page makes the first teacher.\n"
                  "From another machine it asks for this code: %s\n",
                  shed_serve_first_code(s));
  }
  if (shed_serve_ca_sha256(s)[0]) {
    (void)fprintf(cli->out,
                  "Browsers have to trust this room's own authority once: %sapi/join/ca.crt\n"
                  "Its SHA-256: %s\n",
                  shed_serve_address(s), shed_serve_ca_sha256(s));
  }
  if (!shed_serve_has_pages(s)) {
    (void)fprintf(cli->err,
                  "woodshed: the pages are not built, only the API answers; say where they are with --web\n");
  }
  (void)fprintf(cli->out, "Stop it with Ctrl-C.\n");
  (void)fflush(cli->out);
}

// The signals that end it are waited for here; every thread made meanwhile has them blocked.
static shed_exit
serve(shed_cli *cli, const shed_serve_opts *opts)
{
  sigset_t    ends;
  sigset_t    before;
  int         which = 0;
  shed_serve *s     = NULL;
  shed_error  err   = {0};
  (void)sigemptyset(&ends);
  (void)sigaddset(&ends, SIGINT);
  (void)sigaddset(&ends, SIGTERM);
  (void)sigaddset(&ends, SIGPIPE); // a client that is gone is no reason to end
  (void)pthread_sigmask(SIG_BLOCK, &ends, &before);
  (void)sigdelset(&ends, SIGPIPE);
  shed_status st = shed_serve_new(&s, opts, &err);
  if (st == SHED_OK) {
    print_room(cli, s);
    (void)sigwait(&ends, &which);
    shed_serve_free(s);
  }
  (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
}

static shed_exit
run(shed_cli *cli)
{
  long long       port      = 0;
  long long       listeners = 0;
  shed_serve_opts opts      = {.listen  = shed_cli_option(cli, "listen"),
                               .tls     = shed_cli_has(cli, "tls"),
                               .cert    = shed_cli_option(cli, "cert"),
                               .key     = shed_cli_option(cli, "key"),
                               .name    = shed_cli_option(cli, "name"),
                               .title   = shed_cli_option(cli, "room"),
                               .web     = shed_cli_option(cli, "web"),
                               .no_card = shed_cli_has(cli, "no-card"),
                               .store   = shed_cli_option(cli, "store"),
                               .content = shed_cli_option(cli, "content"),
                               .log     = &cli->log};
  if (!shed_cli_whole(cli, "port", 1, 65535, &port) ||
      !shed_cli_whole(cli, "listeners", 1, 256, &listeners)) {
    return SHED_EXIT_USAGE;
  }
  if (opts.listen && strcmp(opts.listen, "127.0.0.1") != 0 && !opts.tls && !opts.cert) {
    (void)fprintf(
        cli->err,
        "woodshed: without --tls browsers on other machines give no microphone, and passwords can be read "
        "on the network\n");
  }
  opts.port      = (int)port;
  opts.listeners = (int)listeners;
  return serve(cli, &opts);
}

static const shed_option options[] = {
    {"listen", "ADDRESS",
     "address to listen on (default 127.0.0.1: this machine alone); 0.0.0.0: every network", NULL},
    {"port", "N", "port (default 7465, or the next that is free)", NULL},
    {"tls", NULL,
     "encrypt, with a certificate of this room's own authority; other machines need it for the microphone",
     NULL},
    {"cert", "FILE", "the school's certificate with its chain, PEM", "file"},
    {"key", "FILE", "and its key, PEM", "file"},
    {"name", "HOST", "a further name that the server goes by", NULL},
    {"room", "TITLE", "what the room is called", NULL},
    {"web", "FOLDER", "where the pages are", "folder"},
    {"no-card", NULL, "do not offer this machine's own microphone and loudspeaker to browsers that run on it",
     NULL},
    {"listeners", "N", "threads that hear (default: one a processor)", NULL},
    SHED_OPTION_STORE,
    SHED_OPTION_CONTENT,
};
static const shed_action actions[] = {{"", "", "", 0, 0, run}};

const shed_command shed_command_serve = {
    "serve",
    "Open the practice room for browsers",
    "Prints the address to type, and shows it as a QR code. The first page makes the first teacher, who "
    "signs the class\n"
    "in from a pasted list. For other machines: --listen 0.0.0.0 --tls. docs/chromebooks.md has the settings "
    "for\n"
    "managed Chromebooks, docs/api.md what programs can ask.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
