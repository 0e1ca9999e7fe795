#include "seed/share.h"

__extension__ typedef unsigned __int128 wide;

void share_init(struct share *s, int64_t total, int64_t takers, uint64_t weight_all, int64_t cap)
{
    *s = (struct share){.total = total, .takers = takers, .cap = cap, .weight_all = weight_all};
}

/* What is due is counted from the beginning, so neither rounding nor the cap loses anything; and the last ones take
 * what the cap has held back. */
int64_t share_next(struct share *s, uint64_t weight)
{
    int64_t left = s->total - s->given;
    s->weight_so_far += weight;
    s->takers--;
    wide due = s->weight_all == 0 ? (wide)s->total : (wide)s->total * s->weight_so_far / s->weight_all;
    int64_t part = (int64_t)due - s->given;
    int64_t others = s->takers > left / s->cap ? left : s->takers * s->cap;
    if (part < left - others) {
        part = left - others;
    }
    if (part > s->cap) {
        part = s->cap;
    }
    part = part < 0 ? 0 : part > left ? left : part;
    s->given += part;
    return part;
}
