/*
 * notify: tells a service manager how the program is: systemd's notification protocol, without its library.
 *
 * Whoever starts the program with Type=notify or notify-reload names a socket in NOTIFY_SOCKET; without one
 * nothing is sent. A message that cannot be sent is lost: no program should fail for it.
 *
 *     notify_waiting();           // seen in `systemctl status`, should it last
 *     notify_ready();             // after start, and after a reload
 *     notify_stopping();
 *
 * Source: sd_notify(3).
 */
#ifndef QUIRE_IO_NOTIFY_H
#define QUIRE_IO_NOTIFY_H

/* It waits for its database, and does not serve yet. */
void notify_waiting(void);
/* The program serves now. */
void notify_ready(void);
/* It takes up its settings again; notify_ready() says when that is done. */
void notify_reloading(void);
/* It is about to end. */
void notify_stopping(void);

#endif
