/*
 * email_cases: addresses and what pydantic 2.13 with email-validator 2.2 makes of them: the normal form or
 * the reason.
 */
#ifndef QUIRE_TESTS_EMAIL_CASES_H
#define QUIRE_TESTS_EMAIL_CASES_H

#include "base/str.h"

struct email_case {
    str text;
    str answer;
};

/* clang-format off */
static const struct email_case accepted[] = {
    {STR_INIT("a@example.com"), STR_INIT("a@example.com")},
    {STR_INIT("ada@example.com"), STR_INIT("ada@example.com")},
    {STR_INIT(" Ada@EXAMPLE.com "), STR_INIT("Ada@example.com")},
    {STR_INIT("\011\012ada@example.com\343\200\200"), STR_INIT("ada@example.com")},
    {STR_INIT("ada@Example.COM"), STR_INIT("ada@example.com")},
    {STR_INIT("Ada.Lovelace+tag@sub.example.co.uk"), STR_INIT("Ada.Lovelace+tag@sub.example.co.uk")},
    {STR_INIT("!#$%&'*+-/=?^_`{|}~@example.com"), STR_INIT("!#$%&'*+-/=?^_`{|}~@example.com")},
    {STR_INIT("1@example.com"), STR_INIT("1@example.com")},
    {STR_INIT("a@b.co"), STR_INIT("a@b.co")},
    {STR_INIT("a@1.com"), STR_INIT("a@1.com")},
    {STR_INIT("a@a-b.com"), STR_INIT("a@a-b.com")},
    {STR_INIT("a@a--b.com"), STR_INIT("a@a--b.com")},
    {STR_INIT("info@Example.org"), STR_INIT("info@example.org")},
    {STR_INIT("INFO@example.com"), STR_INIT("info@example.com")},
    {STR_INIT("WebMaster@example.com"), STR_INIT("webmaster@example.com")},
    {STR_INIT("Informant@example.com"), STR_INIT("Informant@example.com")},
    {STR_INIT("x@example.net"), STR_INIT("x@example.net")},
    {STR_INIT("x@mail.example"), STR_INIT("x@mail.example")},
    {STR_INIT("a@xn--bcher-kva.example"), STR_INIT("a@b\303\274cher.example")},
    {STR_INIT("a@XN--BCHER-KVA.example"), STR_INIT("a@b\303\274cher.example")},
    {STR_INIT("a@b\303\274cher.example"), STR_INIT("a@b\303\274cher.example")},
    {STR_INIT("a@B\303\234CHER.example"), STR_INIT("a@b\303\274cher.example")},
    {STR_INIT("b\303\274cher@example.com"), STR_INIT("b\303\274cher@example.com")},
    {STR_INIT("\347\224\250\346\210\267@\344\276\213\343\201\210.jp"),
     STR_INIT("\347\224\250\346\210\267@\344\276\213\343\201\210.jp")},
    {STR_INIT("\347\224\250\346\210\267@\344\276\213\343\201\210\343\200\202jp"),
     STR_INIT("\347\224\250\346\210\267@\344\276\213\343\201\210.jp")},
    {STR_INIT("a@\357\275\205\357\275\230\357\275\201\357\275\215\357\275\220\357\275\214\357\275\205"
              "\357\274\216\357\275\203\357\275\217\357\275\215"),
     STR_INIT("a@example.com")},
    {STR_INIT("a@stra\303\237e.de"), STR_INIT("a@stra\303\237e.de")},
    {STR_INIT("a@\320\277\321\200\320\270\320\274\320\265\321\200.\321\200\321\204"),
     STR_INIT("a@\320\277\321\200\320\270\320\274\320\265\321\200.\321\200\321\204")},
    {STR_INIT("a@\317\200\316\261\317\201\316\254\316\264\316\265\316\271\316\263\316\274\316\261.gr"),
     STR_INIT("a@\317\200\316\261\317\201\316\254\316\264\316\265\316\271\316\263\316\274\316\261.gr")},
    {STR_INIT("a@l\302\267l.cat"), STR_INIT("a@l\302\267l.cat")},
    {STR_INIT("a@\343\203\212\343\203\273\343\202\253.jp"),
     STR_INIT("a@\343\203\212\343\203\273\343\202\253.jp")},
    {STR_INIT("\303\251@\303\251.fr"), STR_INIT("\303\251@\303\251.fr")},
    {STR_INIT("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@example.com"),
     STR_INIT("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@example.com")},
    {STR_INIT("\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251@x.com"),
     STR_INIT("\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251@x.com")},
    {STR_INIT("a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.com"),
     STR_INIT("a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.com")},
    {STR_INIT("a@cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.ccccccccccccccccccccccc"
              "ccccccccccccccccccccccccccccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccc"
              "cccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccccc.com"),
     STR_INIT("a@cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.ccccccccccccccccccccccc"
              "ccccccccccccccccccccccccccccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccc"
              "cccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccccc.com")},
    {STR_INIT("Ada <ada@example.com>"), STR_INIT("ada@example.com")},
    {STR_INIT("Ada Lovelace <ada@example.com>"), STR_INIT("ada@example.com")},
    {STR_INIT("  Ada   Lovelace   < ada@example.com >  "), STR_INIT("ada@example.com")},
    {STR_INIT("\"Ada, Lady\" <ada@example.com>"), STR_INIT("ada@example.com")},
    {STR_INIT("\"a\"b\" <ada@example.com>"), STR_INIT("ada@example.com")},
    {STR_INIT("<ada@example.com>"), STR_INIT("ada@example.com")},
    {STR_INIT("\303\251 <ada@example.com>"), STR_INIT("ada@example.com")},
    {STR_INIT("Ada<ada@example.com>"), STR_INIT("ada@example.com")},
    {STR_INIT("a@xn--80ak6aa92e.com"), STR_INIT("a@\320\260\321\200\321\200\323\217\320\265.com")},
    {STR_INIT("aaaaaa@cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.cccccccccccccccccc"
              "cccccccccccccccccccccccccccccccccccccccccc.ccccccccccccccccccccccccccccccccccccccccccc"
              "ccccccccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.com"),
     STR_INIT("aaaaaa@cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.cccccccccccccccccc"
              "cccccccccccccccccccccccccccccccccccccccccc.ccccccccccccccccccccccccccccccccccccccccccc"
              "ccccccccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.com")},
    {STR_INIT("a@xn--bcher-kva.xn--bcher-kva.xn--bcher-kva.xn--bcher-kva.xn--bcher-kva.xn--bcher-kva."
              "xn--bcher-kva.xn--bcher-kva.xn--bcher-kva.xn--bcher-kva.xn--bcher-kva.xn--bcher-kva.xn"
              "--bcher-kva.xn--bcher-kva.xn--bcher-kva.xn--bcher-kva.xn--bcher-kva.com"),
     STR_INIT("a@b\303\274cher.b\303\274cher.b\303\274cher.b\303\274cher.b\303\274cher.b\303\274cher."
              "b\303\274cher.b\303\274cher.b\303\274cher.b\303\274cher.b\303\274cher.b\303\274cher.b"
              "\303\274cher.b\303\274cher.b\303\274cher.b\303\274cher.b\303\274cher.com")},
    {STR_INIT("a\012<a@b.co>"), STR_INIT("a@b.co")},
};

static const struct email_case refused[] = {
    {STR_INIT(""), STR_INIT("An email address must have an @-sign.")},
    {STR_INIT("+5"), STR_INIT("An email address must have an @-sign.")},
    {STR_INIT("-5"), STR_INIT("An email address must have an @-sign.")},
    {STR_INIT("1_0"), STR_INIT("An email address must have an @-sign.")},
    {STR_INIT("0x10"), STR_INIT("An email address must have an @-sign.")},
    {STR_INIT("atag127@b"), STR_INIT("The part after the @-sign is not valid. It should have a period.")},
    {STR_INIT("@x.com"), STR_INIT("There must be something before the @-sign.")},
    {STR_INIT("a btag132@example.com"),
     STR_INIT("The email address contains invalid characters before the @-sign: SPACE.")},
    {STR_INIT("atag133@example..com"), STR_INIT("An email address cannot have two periods in a row.")},
    {STR_INIT("atag134@-x.com"),
     STR_INIT("An email address cannot have a hyphen immediately after the @-sign.")},
    {STR_INIT("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@example.com"),
     STR_INIT("The email address is too long before the @-sign (1 character too many).")},
    {STR_INIT("atag136@localhost"),
     STR_INIT("The part after the @-sign is not valid. It should have a period.")},
    {STR_INIT("atag367@b"), STR_INIT("The part after the @-sign is not valid. It should have a period.")},
    {STR_INIT("a btag372@example.com"),
     STR_INIT("The email address contains invalid characters before the @-sign: SPACE.")},
    {STR_INIT("atag376@localhost"),
     STR_INIT("The part after the @-sign is not valid. It should have a period.")},
    {STR_INIT("atag527@b"), STR_INIT("The part after the @-sign is not valid. It should have a period.")},
    {STR_INIT("atag534@-x.com"),
     STR_INIT("An email address cannot have a hyphen immediately after the @-sign.")},
    {STR_INIT("atag537@foo.test"),
     STR_INIT("The part after the @-sign is a special-use or reserved name that cannot be used with e"
              "mail.")},
    {STR_INIT("@example.com"), STR_INIT("There must be something before the @-sign.")},
    {STR_INIT("@"), STR_INIT("There must be something before the @-sign.")},
    {STR_INIT("@@"), STR_INIT("There must be something before the @-sign.")},
    {STR_INIT("a@@b.com"), STR_INIT("The part after the @-sign contains invalid characters: '@'.")},
    {STR_INIT("a@b@c.com"), STR_INIT("The part after the @-sign contains invalid characters: '@'.")},
    {STR_INIT(".ada@example.com"), STR_INIT("An email address cannot start with a period.")},
    {STR_INIT("ada.@example.com"),
     STR_INIT("An email address cannot have a period immediately before the @-sign.")},
    {STR_INIT("a..b@example.com"), STR_INIT("An email address cannot have two periods in a row.")},
    {STR_INIT("..@example.com"),
     STR_INIT("An email address cannot have a period immediately before the @-sign.")},
    {STR_INIT("a b@example.com"),
     STR_INIT("The email address contains invalid characters before the @-sign: SPACE.")},
    {STR_INIT("a\011b@example.com"),
     STR_INIT("The email address contains invalid characters before the @-sign: U+0009.")},
    {STR_INIT("a\000b@example.com"),
     STR_INIT("The email address contains invalid characters before the @-sign: U+0000.")},
    {STR_INIT("a\177b@example.com"),
     STR_INIT("The email address contains invalid characters before the @-sign: U+007F.")},
    {STR_INIT("a(b)@example.com"),
     STR_INIT("The email address contains invalid characters before the @-sign: '(', ')'.")},
    {STR_INIT("a,b;c:d@example.com"),
     STR_INIT("The email address contains invalid characters before the @-sign: ',', ':', ';'.")},
    {STR_INIT("a[b]\\c@example.com"),
     STR_INIT("The email address contains invalid characters before the @-sign: \"\\\", '[', ']'.")},
    {STR_INIT("a\"b\"@c.com"),
     STR_INIT("The email address contains invalid characters before the @-sign: '\"'.")},
    {STR_INIT("a\302\240b@example.com"),
     STR_INIT("The email address contains unsafe characters: NO-BREAK SPACE.")},
    {STR_INIT("a\342\200\213b@example.com"),
     STR_INIT("The email address contains unsafe characters: ZERO WIDTH SPACE.")},
    {STR_INIT("a\342\200\256b@example.com"),
     STR_INIT("The email address contains unsafe characters: RIGHT-TO-LEFT OVERRIDE.")},
    {STR_INIT("a\342\200\250b@example.com"),
     STR_INIT("The email address contains unsafe characters: LINE SEPARATOR.")},
    {STR_INIT("a\356\200\200b@example.com"),
     STR_INIT("The email address contains unsafe characters: U+E000.")},
    {STR_INIT("a\315\270b@example.com"), STR_INIT("The email address contains unsafe characters: U+0378.")},
    {STR_INIT("\302\255x@example.com"),
     STR_INIT("The email address contains unsafe characters: SOFT HYPHEN.")},
    {STR_INIT("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@example.com"),
     STR_INIT("The email address is too long before the @-sign (6 characters too many).")},
    {STR_INIT("\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251@x.com"),
     STR_INIT("The email address is too long before the @-sign (2 characters too many).")},
    {STR_INIT("\"ada\"@example.com"), STR_INIT("Quoting the part before the @-sign is not allowed here.")},
    {STR_INIT("\"a b\"@example.com"), STR_INIT("Quoting the part before the @-sign is not allowed here.")},
    {STR_INIT("\"a\\\"b\"@example.com"), STR_INIT("Quoting the part before the @-sign is not allowed here.")},
    {STR_INIT("\"a@b\"@example.com"), STR_INIT("Quoting the part before the @-sign is not allowed here.")},
    {STR_INIT("\"a\001b\"@example.com"),
     STR_INIT("The email address contains invalid characters in quotes before the @-sign: U+0001.")},
    {STR_INIT("\"\"@example.com"), STR_INIT("There must be something before the @-sign.")},
    {STR_INIT("\"\303\251\"@example.com"),
     STR_INIT("Quoting the part before the @-sign is not allowed here.")},
    {STR_INIT("\"a\"b@example.com"), STR_INIT("Extra character(s) found after close quote: 'b'")},
    {STR_INIT("\"a\"\303\251 .@x.com"),
     STR_INIT("Extra character(s) found after close quote: '\303\251', SPACE, '.'")},
    {STR_INIT("\"a b\342\200\213\"@example.com"),
     STR_INIT("The email address contains unsafe characters: ZERO WIDTH SPACE.")},
    {STR_INIT("ada@"), STR_INIT("There must be something after the @-sign.")},
    {STR_INIT("ada@ "), STR_INIT("There must be something after the @-sign.")},
    {STR_INIT("a@b.local"),
     STR_INIT("The part after the @-sign is a special-use or reserved name that cannot be used with e"
              "mail.")},
    {STR_INIT("a@x.test"),
     STR_INIT("The part after the @-sign is a special-use or reserved name that cannot be used with e"
              "mail.")},
    {STR_INIT("a@a.invalid"),
     STR_INIT("The part after the @-sign is a special-use or reserved name that cannot be used with e"
              "mail.")},
    {STR_INIT("a@x.localhost"),
     STR_INIT("The part after the @-sign is a special-use or reserved name that cannot be used with e"
              "mail.")},
    {STR_INIT("a@b.c1"),
     STR_INIT("The part after the @-sign is not valid. It is not within a valid top-level domain.")},
    {STR_INIT("a@1.2.3.4"),
     STR_INIT("The part after the @-sign is not valid. It is not within a valid top-level domain.")},
    {STR_INIT("a@b.123"),
     STR_INIT("The part after the @-sign is not valid. It is not within a valid top-level domain.")},
    {STR_INIT("a@-b.com"), STR_INIT("An email address cannot have a hyphen immediately after the @-sign.")},
    {STR_INIT("a@b-.com"),
     STR_INIT("An email address cannot have a period and a hyphen next to each other.")},
    {STR_INIT("a@b.-c.com"),
     STR_INIT("An email address cannot have a period and a hyphen next to each other.")},
    {STR_INIT("a@b.com-"), STR_INIT("An email address cannot end with a hyphen.")},
    {STR_INIT("a@.b.com"), STR_INIT("An email address cannot have a period immediately after the @-sign.")},
    {STR_INIT("a@b.com."), STR_INIT("An email address cannot end with a period.")},
    {STR_INIT("a@b..com"), STR_INIT("An email address cannot have two periods in a row.")},
    {STR_INIT("a@."), STR_INIT("An email address cannot end with a period.")},
    {STR_INIT("a@-"), STR_INIT("An email address cannot end with a hyphen.")},
    {STR_INIT("a@b_c.com"), STR_INIT("The part after the @-sign contains invalid characters: '_'.")},
    {STR_INIT("a@b c.com"), STR_INIT("The part after the @-sign contains invalid characters: SPACE.")},
    {STR_INIT("a@b!c#d.com"), STR_INIT("The part after the @-sign contains invalid characters: '!', '#'.")},
    {STR_INIT("a@b\000.com"), STR_INIT("The part after the @-sign contains invalid characters: U+0000.")},
    {STR_INIT("a@b,com"), STR_INIT("The part after the @-sign contains invalid characters: ','.")},
    {STR_INIT("a@(b).com"), STR_INIT("The part after the @-sign contains invalid characters: '(', ')'.")},
    {STR_INIT("a@b.com>"), STR_INIT("The part after the @-sign contains invalid characters: '>'.")},
    {STR_INIT("a@b\302\240c.com"), STR_INIT("The email address contains unsafe characters: NO-BREAK SPACE.")},
    {STR_INIT("a@b\342\200\213.com"),
     STR_INIT("The email address contains unsafe characters: ZERO WIDTH SPACE.")},
    {STR_INIT("a@\315\270.com"), STR_INIT("The email address contains unsafe characters: U+0378.")},
    {STR_INIT("a@ab--cd.com"),
     STR_INIT("An email address cannot have two letters followed by two dashes immediately after the "
              "@-sign or after a period, except Punycode.")},
    {STR_INIT("a@b.cd--e.com"),
     STR_INIT("An email address cannot have two letters followed by two dashes immediately after the "
              "@-sign or after a period, except Punycode.")},
    {STR_INIT("a@xn--a.com"),
     STR_INIT("The part after the @-sign is not valid IDNA (Codepoint U+0080 at position 1 of '\\x80'"
              " not allowed).")},
    {STR_INIT("a@xn--.com"),
     STR_INIT("An email address cannot have a period and a hyphen next to each other.")},
    {STR_INIT("a@xn--a-.com"),
     STR_INIT("An email address cannot have a period and a hyphen next to each other.")},
    {STR_INIT("a@\342\230\203.com"),
     STR_INIT("The part after the @-sign is invalid (Codepoint U+2603 at position 1 of '\342\230\203'"
              " not allowed).")},
    {STR_INIT("a@b\360\237\230\200.com"),
     STR_INIT("The part after the @-sign is invalid (Codepoint U+1F600 at position 2 of 'b"
              "\360\237\230\200' not allowed).")},
    {STR_INIT("a@a\302\267b.com"),
     STR_INIT("The part after the @-sign is invalid (Codepoint U+00B7 not allowed at position 2 in 'a"
              "\302\267b').")},
    {STR_INIT("a@\357\275\202\357\274\240c.com"),
     STR_INIT("The part after the @-sign contains invalid characters after Unicode normalization: '@'"
              ".")},
    {STR_INIT("a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.com"),
     STR_INIT("After the @-sign, periods cannot be separated by so many characters (1 character too m"
              "any).")},
    {STR_INIT("a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.com"),
     STR_INIT("After the @-sign, periods cannot be separated by so many characters (7 characters too "
              "many).")},
    {STR_INIT("a@cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.ccccccccccccccccccccccc"
              "ccccccccccccccccccccccccccccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccc"
              "cccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.cccccccc.com"),
     STR_INIT("The email address is too long after the @-sign (3 characters too many).")},
    {STR_INIT("a@cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.ccccccccccccccccccccccc"
              "ccccccccccccccccccccccccccccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccc"
              "cccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.ccccccccc.co"
              "m"),
     STR_INIT("The email address is too long after the @-sign (4 characters too many).")},
    {STR_INIT("a@cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.ccccccccccccccccccccccc"
              "ccccccccccccccccccccccccccccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccc"
              "cccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.cccccccccc.c"
              "om"),
     STR_INIT("The email address is too long after the @-sign (5 characters too many).")},
    {STR_INIT("a@CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC.CCCCCCCCCCCCCCCCCCCCCCC"
              "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC.CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC"
              "CCCCCCCCCCCC.CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC.cccccccccc.c"
              "om"),
     STR_INIT("The email address is too long after the @-sign (5 bytes too many after IDNA encoding).")},
    {STR_INIT("a@cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.ccccccccccccccccccccccc"
              "ccccccccccccccccccccccccccccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccc"
              "cccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.\303\251.com"),
     STR_INIT("The email address is too long after the @-sign (2 bytes too many after IDNA encoding).")},
    {STR_INIT("a@\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251."
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251."
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251."
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251."
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251."
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251."
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251."
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251."
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251."
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251."
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251."
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251.com"),
     STR_INIT("The email address is too long after the @-sign (74 bytes too many after IDNA encoding)"
              ".")},
    {STR_INIT("a@\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251.com"),
     STR_INIT("The part after the @-sign is invalid (Label too long).")},
    {STR_INIT("aa@cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.cccccccccccccccccccccc"
              "cccccccccccccccccccccccccccccccccccccc.ccccccccccccccccccccccccccccccccccccccccccccccc"
              "ccccccccccccc.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.cccc.com"),
     STR_INIT("The email address is too long (1 character too many).")},
    {STR_INIT("\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251@ccccc"
              "ccccccccccccccccccccccccccccccccccccccccccccccccccccccc.cccccccccccccccccccccccccccccc"
              "cccccccccccccccccccccccccccccc.ccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
              "ccccc.com"),
     STR_INIT("The email address is too long (6-13 characters too many).")},
    {STR_INIT("\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251"
              "\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251\303\251@ccccc"
              "ccccccccccccccccccccccccccccccccccccccccccccccccccccccc.cccccccccccccccccccccccccccccc"
              "cccccccccccccccccccccccccccccc.ccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
              "ccccc.com"),
     STR_INIT("The email address is too long (26-53 characters too many).")},
    {STR_INIT("a@[127.0.0.1]"), STR_INIT("A bracketed IP address after the @-sign is not allowed here.")},
    {STR_INIT("a@[IPv6:::1]"), STR_INIT("A bracketed IP address after the @-sign is not allowed here.")},
    {STR_INIT("a@[]"),
     STR_INIT("The part after the @-sign in brackets is not an IPv4 address and has no address litera"
              "l tag.")},
    {STR_INIT("a@[x]"),
     STR_INIT("The part after the @-sign in brackets is not an IPv4 address and has no address litera"
              "l tag.")},
    {STR_INIT("a@[x:y]"),
     STR_INIT("The part after the @-sign contains an invalid address literal tag in brackets.")},
    {STR_INIT("a@[127.0.0.1"), STR_INIT("The part after the @-sign contains invalid characters: '['.")},
    {STR_INIT("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@bbbbbbbbbbbbbbbbbbbbb"
              "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.ccccccccccccccccccccccccccccccccccccccccccc"
              "cccccccccccccccccccc.dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.com"),
     STR_INIT("The email address is too long (3 characters too many).")},
    {STR_INIT("<ada@example.com"),
     STR_INIT("An open angle bracket at the start of the email address has to be followed by a close "
              "angle bracket at the end.")},
    {STR_INIT("a <ada@example.com"),
     STR_INIT("An open angle bracket at the start of the email address has to be followed by a close "
              "angle bracket at the end.")},
    {STR_INIT("ada@example.com>"), STR_INIT("The part after the @-sign contains invalid characters: '>'.")},
    {STR_INIT("<<a@b.co>>"),
     STR_INIT("A display name and angle brackets around the email address are not permitted here.")},
    {STR_INIT("(c) <a@b.co"),
     STR_INIT("The display name contains invalid characters when not quoted: '(', ')'.")},
    {STR_INIT("a.b <a@b.co"), STR_INIT("The display name contains invalid characters when not quoted: '.'.")},
    {STR_INIT("\"n\" x <a@b.co>"), STR_INIT("Extra character(s) found after close quote: SPACE, 'x'")},
    {STR_INIT("Ada <a@b.co> x"), STR_INIT("There can't be anything after the email address.")},
    {STR_INIT("Ada <a@b.co>\012 x"), STR_INIT("There can't be anything after the email address.")},
    {STR_INIT("\"n\342\200\213\" <a@b.co"),
     STR_INIT("The email address contains unsafe characters: ZERO WIDTH SPACE.")},
    {STR_INIT("a <b@c.co>>"), STR_INIT("The part after the @-sign contains invalid characters: '>'.")},
    {STR_INIT("<a@b.co> <c@d.co>"),
     STR_INIT("The part after the @-sign contains invalid characters: '<', '>', '@', SPACE.")},
    {STR_INIT("a <a@\012b.co>"), STR_INIT("The part after the @-sign contains invalid characters: U+000A.")},
    {STR_INIT("\"Ada\" ada@example.com"),
     STR_INIT("Extra character(s) found after close quote: SPACE, 'a', 'd', 'a'")},
};
/* clang-format on */

#endif
