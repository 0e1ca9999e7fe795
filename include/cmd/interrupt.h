/*
 * interrupt: the signals that end a command, as a question: who has begun something finishes a step, undoes what is
 * half done, and says how far it is. The second signal ends the program as usual.
 *
 *     interrupt_listen();
 *     while (!interrupted()) {
 *         ... a step ...
 *     }
 */
#ifndef QUIRE_CMD_INTERRUPT_H
#define QUIRE_CMD_INTERRUPT_H

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP are only noted, each once; system calls go on (SA_RESTART). */
void interrupt_listen(void);
/* Whether one has come. */
bool interrupted(void);

#endif
