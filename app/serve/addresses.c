#include "app/serve/addresses.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <limits.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
add_name(shed_room *room, const char *name)
{
  if (name[0] && room->n_host_names < SHED_ROOM_ADDRS && strlen(name) < SHED_ROOM_ADDRESS) {
    (void)snprintf(room->host_names[room->n_host_names++], SHED_ROOM_ADDRESS, "%s", name);
  }
}

static void
add_address(shed_room *room, const char *address)
{
  if (room->n_addresses < SHED_ROOM_ADDRS) {
    (void)snprintf(room->addresses[room->n_addresses++], SHED_ROOM_ADDRESS, "%s", address);
  }
}

// Addresses of the networks that this machine is on, without its own loop.
static void
add_networks(shed_room *room)
{
  struct ifaddrs *all = NULL;
  if (getifaddrs(&all) != 0) {
    return;
  }
  for (const struct ifaddrs *a = all; a; a = a->ifa_next) {
    char text[INET_ADDRSTRLEN];
    if (a->ifa_addr && a->ifa_addr->sa_family == AF_INET && (a->ifa_flags & IFF_UP) &&
        !(a->ifa_flags & IFF_LOOPBACK) &&
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)a->ifa_addr)->sin_addr, text,
                  sizeof(text))) {
      add_address(room, text);
    }
  }
  freeifaddrs(all);
}

void
shed_addresses_find(shed_room *room, const char *listen, const char *name)
{
  char host[HOST_NAME_MAX + 1] = "";
  char local[HOST_NAME_MAX + 16];
  if (gethostname(host, sizeof(host) - 1) == 0 && host[0]) {
    (void)snprintf(local, sizeof(local), "%s.local", host);
    add_name(room, host);
    add_name(room, local);
  }
  add_name(room, name ? name : "");
  if (listen && strcmp(listen, "0.0.0.0") == 0) {
    add_networks(room);
  } else if (listen) {
    add_address(room, listen);
  }
  if (room->n_addresses == 0) {
    add_address(room, "127.0.0.1");
  }
}

size_t
shed_addresses_names(const shed_room *room, const char **out, size_t most)
{
  static const char *const always[] = {"localhost", "127.0.0.1"};
  size_t                   n        = 0;
  for (size_t i = 0; i < SHED_COUNTOF(always) && n < most; i++) {
    out[n++] = always[i];
  }
  for (int i = 0; i < room->n_host_names && n < most; i++) {
    out[n++] = room->host_names[i];
  }
  for (int i = 0; i < room->n_addresses && n < most; i++) {
    if (strcmp(room->addresses[i], "127.0.0.1") != 0) {
      out[n++] = room->addresses[i];
    }
  }
  return n;
}

void
shed_addresses_finish(shed_room *room, int port)
{
  for (int i = 0; i < room->n_addresses; i++) {
    char number[SHED_ROOM_ADDRESS];
    memcpy(number, room->addresses[i], sizeof(number));
    (void)snprintf(room->addresses[i], SHED_ROOM_ADDRESS,
                   strchr(number, ':') ? "%s://[%.96s]:%d/" : "%s://%.96s:%d/", room->tls ? "https" : "http",
                   number, port);
  }
}
