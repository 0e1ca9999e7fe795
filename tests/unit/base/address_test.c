/* base/address: addresses brought down to their networks. */
#include "base/address.h"

#include "support/unit.h"

static void check(const char *address, unsigned v4, unsigned v6, const char *network)
{
    check_str(address_network(&arena, str_of(address), v4, v6), str_of(network));
}

static void networks(void **state)
{
    (void)state;
    check("192.0.2.77", 32, 64, "192.0.2.77/32");
    check("192.0.2.77", 24, 48, "192.0.2.0/24");
    check("255.255.255.255", 9, 0, "255.128.0.0/9");
    check("255.255.255.255", 0, 0, "0.0.0.0/0");
    check("2001:db8:1:2:3:4:5:6", 32, 64, "2001:db8:1:2::/64");
    check("2001:DB8:1:2::1", 32, 64, "2001:db8:1:2::/64");
    check("2001:db8:1:2:3:4:5:6", 32, 48, "2001:db8:1::/48");
    check("2001:db8:1:2:3:4:5:6", 32, 128, "2001:db8:1:2:3:4:5:6/128");
    check("ffff:ffff:ffff:ffff::", 32, 61, "ffff:ffff:ffff:fff8::/61");
    check("::1", 32, 64, "::/64");
}

/* RFC 4291, section 2.5.5.2. */
static void v4_written_as_v6(void **state)
{
    (void)state;
    check("::ffff:192.0.2.77", 24, 64, "192.0.2.0/24");
    check("::FFFF:c000:24d", 32, 64, "192.0.2.77/32");
    check("::fffe:c000:24d", 32, 64, "::/64"); /* none */
}

static void what_is_no_address(void **state)
{
    (void)state;
    static const char *const none[] = {
        "",    "unix:",          "localhost", "192.0.2",      "192.0.2.256", "192.0.2.1 ",
        "1:2", "2001:db8::1::2", "[::1]",     "fe80::1%eth0", "192.0.2.1:80"};
    for (size_t i = 0; i < LENGTH(none); i++) {
        check(none[i], 32, 64, "");
    }
    check_str(address_network(&arena, (str){"1.2.3.4\0x", 9}, 32, 64), STR("1.2.3.4/32"));
    check_str(address_network(&arena, (str){"1.2.3.45", 7}, 32, 64),
              STR("1.2.3.4/32")); /* its length counts */
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(networks), TEST(v4_written_as_v6), TEST(what_is_no_address)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
