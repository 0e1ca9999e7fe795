#include "http/scoreboard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"

/* Count up when struct board or struct worker_slot changes its meaning; a change of size shows by itself. */
enum { BOARD_VERSION = 2 };
static const char board_magic[8] = {'q', 'u', 'i', 'r', 'e', 's', 'b', BOARD_VERSION};
enum { CONDEMNED = -1 };
/* How often a worker looks whether it is admitted, and the milliseconds between: longer than a parent waits for a
 * zygote. */
enum { LOOKS = 10000, LOOK_EVERY = 1 };
/* More than settings allow; keeps sizes from overflowing when a foreign memfd is looked at. */
enum { MOST = 65536 };

/* What is shared. Behind it come `slots` lines, then `holders` ints. */
struct board {
    char magic[8];
    uint32_t slot_size;
    uint32_t slots;
    uint32_t holders;
    int32_t parent;
    _Atomic int draining;
    _Alignas(64) struct worker_slot slot[];
};

struct scoreboard {
    struct board *shared;
    int fd;
};

static size_t size_of(uint32_t slots, uint32_t holders)
{
    return sizeof(struct board) + (size_t)slots * sizeof(struct worker_slot) +
           (size_t)holders * sizeof(_Atomic int);
}

static struct board *map(int fd, size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return p == MAP_FAILED ? NULL : p;
}

err scoreboard_create(struct arena *a, unsigned slots, unsigned holders, struct scoreboard **out)
{
    if (slots == 0 || slots > MOST || holders == 0 || holders > MOST) {
        abort();
    }
    size_t size = size_of(slots, holders);
    int fd = memfd_create("quire-scoreboard", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    struct board *shared = NULL;
    if (fd >= 0 && ftruncate(fd, (off_t)size) == 0) {
        shared = map(fd, size);
    }
    if (shared == NULL) {
        err failed =
            error_cause(a, ERROR_INTERNAL, "no memory to share with the workers: %s", strerror(errno));
        if (fd >= 0) {
            (void)close(fd);
        }
        return failed;
    }
    /* Nobody can cut it short afterwards, which would be a SIGBUS for all others. */
    (void)fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    memcpy(shared->magic, board_magic, sizeof board_magic);
    shared->slot_size = sizeof(struct worker_slot);
    shared->slots = slots;
    shared->holders = holders;
    shared->parent = getpid();
    struct scoreboard *board = ARENA_NEW(a, struct scoreboard);
    *board = (struct scoreboard){.shared = shared, .fd = fd};
    *out = board;
    return NULL;
}

/* Whether the head describes a board of this program's shape that fills `size` bytes. */
static bool fits(const struct board *head, size_t size)
{
    return memcmp(head->magic, board_magic, sizeof board_magic) == 0 &&
           head->slot_size == sizeof(struct worker_slot) && head->slots > 0 && head->slots <= MOST &&
           head->holders > 0 && head->holders <= MOST && size_of(head->slots, head->holders) == size;
}

err scoreboard_attach(struct arena *a, int fd, struct scoreboard **out)
{
    struct stat st;
    if (fstat(fd, &st) < 0 || st.st_size < (off_t)sizeof(struct board)) {
        return error_cause(a, ERROR_INTERNAL,
                           "file descriptor %d is no scoreboard: only quire serve starts workers", fd);
    }
    size_t size = (size_t)st.st_size;
    struct board *shared = map(fd, size);
    if (shared == NULL) {
        return error_cause(a, ERROR_INTERNAL, "the scoreboard cannot be mapped: %s", strerror(errno));
    }
    if (!fits(shared, size)) {
        (void)munmap(shared, size);
        return error_cause(a, ERROR_INTERNAL,
                           "the scoreboard is of another version of this program: "
                           "restart quire serve, do not reload");
    }
    struct scoreboard *board = ARENA_NEW(a, struct scoreboard);
    *board = (struct scoreboard){.shared = shared, .fd = fd};
    *out = board;
    return NULL;
}

int scoreboard_fd(const struct scoreboard *board)
{
    return board->fd;
}

pid_t scoreboard_parent(const struct scoreboard *board)
{
    return board->shared->parent;
}

struct worker_slot *scoreboard_slot(struct scoreboard *board, unsigned slot)
{
    return slot < board->shared->slots ? &board->shared->slot[slot] : NULL;
}

_Atomic int *scoreboard_holders(struct scoreboard *board, unsigned *count)
{
    *count = board->shared->holders;
    return (_Atomic int *)(void *)&board->shared->slot[board->shared->slots];
}

void scoreboard_drain(struct scoreboard *board)
{
    atomic_store(&board->shared->draining, 1);
}

bool scoreboard_draining(const struct scoreboard *board)
{
    return atomic_load(&board->shared->draining) != 0;
}

void scoreboard_admit(struct worker_slot *slot, pid_t worker)
{
    atomic_store(&slot->admitted, worker);
}

bool scoreboard_admitted(struct worker_slot *slot)
{
    int who = atomic_load(&slot->admitted);
    for (int i = 0; who == 0 && i < LOOKS; i++) {
        (void)nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY * 1000000L}, NULL);
        who = atomic_load(&slot->admitted);
    }
    return who == getpid();
}

void scoreboard_begin(struct worker_slot *slot)
{
    atomic_store(&slot->busy_since, clock_steady());
}

bool scoreboard_end(struct worker_slot *slot, bool served)
{
    if (served) {
        atomic_fetch_add_explicit(&slot->served, 1, memory_order_relaxed);
    }
    return atomic_exchange(&slot->busy_since, 0) != CONDEMNED;
}

bool scoreboard_condemn(struct worker_slot *slot, int64_t now)
{
    int64_t since = atomic_load(&slot->busy_since);
    int64_t limit = atomic_load(&slot->limit);
    return limit > 0 && since > 0 && now - since > limit &&
           atomic_compare_exchange_strong(&slot->busy_since, &since, CONDEMNED);
}

void scoreboard_clear(struct worker_slot *slot)
{
    atomic_store(&slot->busy_since, 0);
    atomic_store(&slot->limit, 0);
    atomic_store(&slot->served, 0);
    atomic_store(&slot->ready, 0);
    atomic_store(&slot->admitted, 0);
}

unsigned scoreboard_release(struct scoreboard *board, pid_t dead)
{
    unsigned count;
    _Atomic int *holders = scoreboard_holders(board, &count);
    unsigned released = 0;
    for (unsigned i = 0; i < count; i++) {
        int held = dead;
        released += atomic_compare_exchange_strong(&holders[i], &held, 0);
    }
    return released;
}
