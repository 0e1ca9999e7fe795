"""hand_over: becomes a command that has listening unix sockets, as a service manager hands them over: as descriptors 3 and on,
with LISTEN_FDS and LISTEN_PID (sd_listen_fds(3)).

    python3 hand_over.py [--owner UID:GID] PATH... -- COMMAND...
"""
import os
import socket
import sys

FIRST, ASIDE = 3, 50

paths = sys.argv[1:sys.argv.index('--')]
command = sys.argv[sys.argv.index('--') + 1:]
owner = None
if paths[0] == '--owner':
    owner = [int(number) for number in paths[1].split(':')]
    paths = paths[2:]
for i, path in enumerate(paths):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o660)
    if owner:
        os.chown(path, *owner)
    listener.listen(1024)
    os.dup2(listener.detach(), ASIDE + i)
for i in range(len(paths)):
    os.dup2(ASIDE + i, FIRST + i)
os.closerange(FIRST + len(paths), ASIDE + len(paths))
os.environ.update(LISTEN_FDS=str(len(paths)), LISTEN_PID=str(os.getpid()))
os.execvp(command[0], command)
