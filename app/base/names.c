#include "base/names.h"

#include "base/arena.h"
#include "base/rand.h"

struct name_entry {
    str name;
    void *thing;
    uint32_t hash;
    uint32_t next; /* the number of the next entry in the chain, or 0 */
};

enum { FIRST_CAPACITY = 64, PRIME = 0x7FFFFFFF };

void names_init(struct names *names, struct arena *a)
{
    *names = (struct names){.arena = a, .secret = 1 + rand_below(PRIME - 1)};
}

/* The polynomial that has the name's bytes as coefficients, modulo the prime
 * 2^31 - 1, at a secret point. Two different names of n bytes meet at no more
 * than n points, so nobody can write names that gather in one chain. */
static uint32_t hash_name(const struct names *names, str name)
{
    uint64_t h = 0;
    for (size_t i = 0; i < name.n; i++) {
        h = (h * names->secret + (unsigned char)name.p[i] + 1) % PRIME;
    }
    return (uint32_t)h;
}

void *names_find(const struct names *names, str name)
{
    if (names->count == 0) {
        return NULL;
    }
    uint32_t hash = hash_name(names, name);
    uint32_t i = names->heads[hash & (names->capacity - 1)];
    while (i != 0 && (names->entries[i].hash != hash || !str_eq(names->entries[i].name, name))) {
        i = names->entries[i].next;
    }
    return i == 0 ? NULL : names->entries[i].thing;
}

static void chain(struct names *names, uint32_t number)
{
    struct name_entry *e = &names->entries[number];
    uint32_t *head = &names->heads[e->hash & (names->capacity - 1)];
    e->next = *head;
    *head = number;
}

static void grow(struct names *names)
{
    size_t old = names->capacity == 0 ? 0 : (size_t)names->capacity + 1;
    names->capacity = names->capacity == 0 ? FIRST_CAPACITY : names->capacity * 2;
    names->entries = arena_grow(names->arena, names->entries, old * sizeof *names->entries,
                                ((size_t)names->capacity + 1) * sizeof *names->entries);
    names->heads = ARENA_ARRAY(names->arena, uint32_t, names->capacity);
    for (uint32_t i = 1; i <= names->count; i++) {
        chain(names, i);
    }
}

void names_add(struct names *names, str name, void *thing)
{
    if (names->count == names->capacity) {
        grow(names);
    }
    names->count++;
    names->entries[names->count] =
        (struct name_entry){.name = name, .thing = thing, .hash = hash_name(names, name)};
    chain(names, names->count);
}
