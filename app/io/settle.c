#include "io/settle.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool settle_file(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
        return true;
    }
    bool unknown = errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP; /* NFS, for one, has no flags */
    if (!unknown || link(from, to) != 0) {
        return false;
    }
    (void)unlink(from);
    return true;
}
