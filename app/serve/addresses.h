/// The names and addresses that this machine goes by. Used while the server starts.
#ifndef SHED_SERVE_ADDRESSES_H
#define SHED_SERVE_ADDRESSES_H

#include "app/serve/room.h"

/// Fill room->host_names and room->addresses (in numbers, not yet as to be typed) for what is listened on.
/// @param listen as shed_serve_opts. @param name a further host name, NULL none.
void shed_addresses_find(shed_room *room, const char *listen, const char *name);
/// Names and numbers for a certificate; borrowed from the room. @return how many.
size_t shed_addresses_names(const shed_room *room, const char **out, size_t most);
/// Make the addresses what one types: "https://192.168.1.5:7465/".
void shed_addresses_finish(shed_room *room, int port);

#endif
