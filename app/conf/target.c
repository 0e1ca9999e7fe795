#include "conf/settings.h"

struct db_target settings_db_target(const struct settings *s)
{
    bool several = s->db_hosts.n > 0;
    return (struct db_target){
        .hosts = s->db_hosts,
        .spread = s->db_spread,
        .causal =
            str_eq(s->db_causal_reads, STR("on")) || (several && str_eq(s->db_causal_reads, STR("auto"))),
        .host = s->db_host,
        .port = s->db_port,
        .socket = s->db_socket,
        .user = s->db_user,
        .password = s->db_password,
        .name = s->db_name,
        .ssl_ca = s->db_ssl_ca,
        .timeout = s->db_timeout,
        .connect_timeout = s->db_connect_timeout,
    };
}

struct db_target settings_replica_target(const struct settings *s)
{
    struct db_target t = settings_db_target(s);
    t.hosts = s->db_replicas;
    t.spread = true;
    t.causal = false;
    t.max_lag = s->db_replica_max_lag;
    return t;
}
