/*
 * conversion: what happens to the values of a column when ALTER TABLE gives it another type.
 *
 *     conversion_of(STR("VARCHAR(50)"), STR("VARCHAR(20)"))  ->  CONVERSION_LOSES
 */
#ifndef QUIRE_MIGRATE_CONVERSION_H
#define QUIRE_MIGRATE_CONVERSION_H

#include "base/str.h"

enum conversion {
    CONVERSION_KEEPS, /* every value of the old type is one of the new, and means the same */
    CONVERSION_LOSES, /* some values do not fit: they are cut or rounded, or refused by the server */
    CONVERSION_NONE   /* values of one mean nothing in the other: somebody must say how */
};

/* Types are in the normal form of schema/table.h. Types that are not known have no conversion. */
enum conversion conversion_of(str from, str to);

#endif
