#include "http/purge.h"

#include "base/rand.h"

bool purge_is_due(void)
{
    enum { ONE_IN = 64 };
    return rand_below(ONE_IN) == 0;
}
