#include "compose/composer.h"

#include "compose/extract.h"
#include "compose/openai.h"

const struct composer *composer_named(str name)
{
    static const struct composer *const all[] = {&extract_composer, &openai_composer};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (str_eq(str_of(all[i]->name), name)) {
            return all[i];
        }
    }
    return NULL;
}
