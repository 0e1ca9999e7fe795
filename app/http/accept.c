#include "http/accept.h"

/* Whether the item of an Accept says that it is not wanted: "q=0", "q=0.000". */
static bool is_unwanted(str item)
{
    for (size_t at = str_find(item, ';', 0); at < item.n;) {
        size_t end = str_find(item, ';', at + 1);
        str parameter = str_trim(str_slice(item, at + 1, end));
        if (str_eq_nocase(str_slice(parameter, 0, 2), STR("q="))) {
            size_t i = 2;
            while (i < parameter.n && (parameter.p[i] == '0' || parameter.p[i] == '.')) {
                i++;
            }
            return parameter.n > 2 && i == parameter.n;
        }
        at = end;
    }
    return false;
}

bool accept_problem(str accept)
{
    static const str type = STR_INIT("application/problem+json");
    for (size_t at = 0; at < accept.n;) {
        size_t comma = str_find(accept, ',', at);
        str item = str_trim(str_slice(accept, at, comma));
        if (str_eq_nocase(str_trim(str_slice(item, 0, str_find(item, ';', 0))), type)) {
            return !is_unwanted(item);
        }
        at = comma + 1;
    }
    return false;
}
