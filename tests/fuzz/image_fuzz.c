/* image: any bytes as each kind of picture; what was accepted stays so with more behind it, and is of one kind only. */
#include <string.h>

#include "base/image.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char behind[] = "\xFF\xD9IEND";
    unsigned kinds = 0;
    char *p = malloc(size + sizeof behind);
    HOLD(p != NULL);
    memcpy(p, data, size);
    memcpy(p + size, behind, sizeof behind);
    for (int t = IMAGE_PNG; t <= IMAGE_WEBP; t++) {
        const char *wrong = image_check((enum image_type)t, (str){(const char *)data, size});
        HOLD(wrong == NULL || strlen(wrong) > 0);
        HOLD(wrong != NULL || image_check((enum image_type)t, (str){p, size + sizeof behind}) == NULL);
        kinds += wrong == NULL;
    }
    HOLD(kinds <= 1);
    free(p);
    return 0;
}
