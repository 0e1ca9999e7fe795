#include <signal.h>
#include <sys/mman.h>

#include "http/metrics_part.h"

/* What is guarded: set once, before anything is counted. */
static struct {
    char *memory;
    size_t bytes;
} guarded;

/* mmap() is a system call and nothing more, so it may be made here. */
static void replace(int signal_number, siginfo_t *info, void *context)
{
    (void)context;
    const char *at = info->si_addr;
    if (info->si_code > 0 && at >= guarded.memory && at < guarded.memory + guarded.bytes &&
        mmap(guarded.memory, guarded.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
             -1, 0) != MAP_FAILED) {
        return;
    }
    /* Not ours: it ends the process, as without us. */
    const struct sigaction standard = {.sa_handler = SIG_DFL};
    (void)sigaction(signal_number, &standard, NULL);
    (void)raise(signal_number);
}

void metrics_guard(void *memory, size_t bytes)
{
    struct sigaction action = {.sa_sigaction = replace, .sa_flags = SA_SIGINFO};
    guarded.memory = memory;
    guarded.bytes = bytes;
    (void)sigaction(SIGBUS, &action, NULL);
}
