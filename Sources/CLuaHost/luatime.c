#include "plain.h"

#include <stdarg.h>
#include <string.h>

// `ailogger.time`: times as nanoseconds since 1970, to and from text.
//
// All arithmetic is our own: no locale, no clock, no TZ. The same script gives the same result everywhere. Offsets of
// named zones, and timestamps in the shapes that logs have, come from the host.

enum {
    NS = 1000000000,
    DAY = 86400,
    LAYOUT_BYTES = 256,
    /// No directive writes more bytes than six times its own two.
    FORMAT_BYTES = 6 * LAYOUT_BYTES,
    /// What a message shows of a text.
    SHOWN_BYTES = 60,
    ZONE_BYTES = 64,
    /// A look at the host's zones, in instructions.
    ZONE_COST = 20
};

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December"};
static const char *const weekdays[] = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

static const char known[] = "%Y %m %d %H %M %S %f %3f %6f %9f %z %Z %b %B %a %A %j %y %e %I %p %s %F %T %%";

// MARK: Calendar

static bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static int days_in(int month, int year) {
    if (month == 2) return is_leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// Days from 1970 of a date from the year 1 on. The year begins with March here, which puts the leap day at its end;
/// the months from there are 153 days in every five.
static int64_t days_of(int year, int month, int day) {
    int64_t y = month > 2 ? year : year - 1;
    int m = month > 2 ? month - 3 : month + 9;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

typedef struct {
    int64_t seconds;
    int year, month, day, hour, minute, second, nanosecond;
    /// 1 is Monday.
    int weekday;
    int yearday;
    int32_t offset;
    char zone[8];
} moment;

static void set_date(moment *m, int64_t days) {
    // Quarters of a day, so that a century and a year have whole numbers of them.
    int64_t n = 4 * (days + 719468) + 3;
    int64_t century = n / 146097;
    int64_t rest = n % 146097 / 4 * 4 + 3;
    int day = (int)(rest % 1461 / 4);
    int month = (5 * day + 2) / 153;
    m->day = day - (153 * month + 2) / 5 + 1;
    m->month = month < 10 ? month + 3 : month - 9;
    m->year = (int)(100 * century + rest / 1461) + (month < 10 ? 0 : 1);
    m->weekday = (int)((days + 719468 + 2) % 7) + 1;
    m->yearday = (int)(days - days_of(m->year, 1, 1)) + 1;
}

static int64_t floor_divide(int64_t value, int64_t by) { return value / by - (value % by < 0); }

static int unknown_zone(lua_State *L, const char *function, const char *name) {
    return luaL_error(L, "%s: no zone \"%s\" is known: give a name such as \"Europe/Berlin\", or an offset such as "
        "\"+02:00\"", function, name);
}

/// Takes a time apart by the clocks of a zone; null is UTC.
static void take_apart(lua_State *L, int64_t nanoseconds, int zone, const char *function, moment *m) {
    ailua_state *host = host_of(L);
    limits_charge(L, host, ZONE_COST);
    m->offset = 0;
    memcpy(m->zone, "UTC", 4);
    if (!lua_isnoneornil(L, zone)) {
        size_t length;
        const char *name = luaL_checklstring(L, zone, &length);
        if (!host->services.zone((const uint8_t *)name, length, nanoseconds, false, &m->offset, m->zone)) {
            unknown_zone(L, function, name);
        }
    }
    m->seconds = floor_divide(nanoseconds, NS);
    m->nanosecond = (int)((nanoseconds % NS + NS) % NS);
    int64_t local = m->seconds + m->offset;
    int64_t days = floor_divide(local, DAY);
    int second = (int)(local - days * DAY);
    set_date(m, days);
    m->hour = second / 3600;
    m->minute = second / 60 % 60;
    m->second = second % 60;
}

// MARK: Writing

static char *put(char *at, int64_t value, int width) {
    char digits[20];
    int count = 0;
    for (uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value; rest > 0 || count == 0; rest /= 10) {
        digits[count++] = (char)('0' + rest % 10);
    }
    if (value < 0) *at++ = '-';
    for (; width > count; width--) *at++ = '0';
    while (count > 0) *at++ = digits[--count];
    return at;
}

static char *put_text(char *at, const char *text, size_t length) {
    memcpy(at, text, length);
    return at + length;
}

/// Two digits, and what stands behind them.
static char *put_pair(char *at, int value, char behind) {
    at = put(at, value, 2);
    *at++ = behind;
    return at;
}

static char *put_date(char *at, const moment *m) {
    at = put(at, m->year, 4);
    *at++ = '-';
    return put(put_pair(at, m->month, '-'), m->day, 2);
}

static char *put_clock(char *at, const moment *m) {
    return put(put_pair(put_pair(at, m->hour, ':'), m->minute, ':'), m->second, 2);
}

static char *put_fraction(char *at, const moment *m, int digits) {
    int value = m->nanosecond;
    for (int i = digits; i < 9; i++) value /= 10;
    return put(at, value, digits);
}

/// `+02:00`, or without a colon; local times of long ago have seconds too.
static char *put_offset(char *at, int32_t offset, bool colon) {
    int rest = offset < 0 ? -offset : offset;
    *at++ = offset < 0 ? '-' : '+';
    at = put(at, rest / 3600, 2);
    if (colon) *at++ = ':';
    at = put(at, rest / 60 % 60, 2);
    if (rest % 60 == 0) return at;
    if (colon) *at++ = ':';
    return put(at, rest % 60, 2);
}

static char *put_rfc3339(char *at, const moment *m, bool zoned) {
    at = put_date(at, m);
    *at++ = 'T';
    at = put_clock(at, m);
    if (m->nanosecond != 0) {
        *at++ = '.';
        at = put_fraction(at, m, m->nanosecond % 1000 != 0 ? 9 : m->nanosecond % 1000000 != 0 ? 6 : 3);
    }
    if (zoned) return put_offset(at, m->offset, true);
    *at++ = 'Z';
    return at;
}

static int unknown_directive(lua_State *L, const char *function, const char *layout, size_t length) {
    if (length == 0) return luaL_error(L, "%s: the layout ends in a %%: write %%%% for the sign itself", function);
    lua_pushlstring(L, layout, *layout >= '1' && *layout <= '9' && length > 1 ? 2 : 1);
    return luaL_error(L, "%s: a layout has no %%%s: it knows %s", function, lua_tostring(L, -1), known);
}

/// How many digits `3f`, `6f` and `9f` ask for; 0 if the directive at `layout` is another.
static int fraction_width(const char *layout, size_t length) {
    bool sized = length > 1 && layout[1] == 'f' && (*layout == '3' || *layout == '6' || *layout == '9');
    return sized ? *layout - '0' : 0;
}

/// Writes what the directive asks for; null if there is none of that name.
static char *put_directive(char *at, char directive, const moment *m) {
    const char *month = months[m->month - 1];
    const char *weekday = weekdays[m->weekday - 1];
    switch (directive) {
    case 'Y': return put(at, m->year, 4);
    case 'y': return put(at, m->year % 100, 2);
    case 'm': return put(at, m->month, 2);
    case 'd': return put(at, m->day, 2);
    case 'e':
        if (m->day < 10) *at++ = ' ';
        return put(at, m->day, 1);
    case 'j': return put(at, m->yearday, 3);
    case 'H': return put(at, m->hour, 2);
    case 'I': return put(at, (m->hour + 11) % 12 + 1, 2);
    case 'M': return put(at, m->minute, 2);
    case 'S': return put(at, m->second, 2);
    case 'f': return put_fraction(at, m, 9);
    case 'p': return put_text(at, m->hour < 12 ? "AM" : "PM", 2);
    case 'b': return put_text(at, month, 3);
    case 'B': return put_text(at, month, strlen(month));
    case 'a': return put_text(at, weekday, 3);
    case 'A': return put_text(at, weekday, strlen(weekday));
    case 'z': return put_offset(at, m->offset, false);
    case 'Z': return put_text(at, m->zone, strlen(m->zone));
    case 's': return put(at, m->seconds, 1);
    case 'F': return put_date(at, m);
    case 'T': return put_clock(at, m);
    case '%': *at++ = '%'; return at;
    default: return NULL;
    }
}

static const char *check_layout(lua_State *L, const char *function, int index, size_t *length) {
    const char *layout = luaL_checklstring(L, index, length);
    if (*length > LAYOUT_BYTES) luaL_error(L, "%s: a layout has at most %d bytes", function, (int)LAYOUT_BYTES);
    limits_charge(L, host_of(L), (int64_t)*length);
    return layout;
}

/// `time.format(ns[, layout[, zone]])`.
static int host_format(lua_State *L) {
    static const char function[] = "time.format";
    char text[FORMAT_BYTES];
    char *at = text;
    moment m;
    take_apart(L, luaL_checkinteger(L, 1), 3, function, &m);
    if (lua_isnoneornil(L, 2)) {
        at = put_rfc3339(at, &m, !lua_isnoneornil(L, 3));
        lua_pushlstring(L, text, (size_t)(at - text));
        return 1;
    }
    size_t length;
    const char *layout = check_layout(L, function, 2, &length);
    for (size_t i = 0; i < length; i++) {
        if (layout[i] != '%') {
            *at++ = layout[i];
            continue;
        }
        size_t left = length - ++i;
        int digits = fraction_width(layout + i, left);
        char *end = left == 0 ? NULL : digits > 0 ? put_fraction(at, &m, digits) : put_directive(at, layout[i], &m);
        if (end == NULL) return unknown_directive(L, function, layout + i, left);
        at = end;
        if (digits > 0) i++;
    }
    lua_pushlstring(L, text, (size_t)(at - text));
    return 1;
}

/// `time.parts(ns[, zone])`.
static int host_parts(lua_State *L) {
    moment m;
    take_apart(L, luaL_checkinteger(L, 1), 2, "time.parts", &m);
    const struct {
        const char *name;
        int value;
    } parts[] = {{"year", m.year}, {"month", m.month}, {"day", m.day}, {"hour", m.hour}, {"minute", m.minute},
        {"second", m.second}, {"nanosecond", m.nanosecond}, {"weekday", m.weekday}, {"yearday", m.yearday},
        {"offset", m.offset}};
    enum { COUNT = sizeof parts / sizeof *parts };
    lua_createtable(L, 0, COUNT + 1);
    for (int i = 0; i < COUNT; i++) {
        lua_pushinteger(L, parts[i].value);
        lua_setfield(L, -2, parts[i].name);
    }
    lua_pushstring(L, m.zone);
    lua_setfield(L, -2, "zone");
    return 1;
}

// MARK: Reading

/// A text on its way through a layout, and what was found in it: 0 where nothing was.
typedef struct {
    lua_State *L;
    const char *text;
    size_t length;
    size_t at;
    /// What should stand at `at`, once there is something else.
    const char *wanted;

    int year, month, day, yearday;
    int hour, minute, second, nanosecond;
    /// The hour on a clock of twelve, and `a` or `p`.
    int half_hour;
    char half;
    bool has_epoch, has_offset, is_negative;
    int64_t epoch;
    int32_t offset;
    const char *zone;
    size_t zone_length;
} reading;

/// What a function returns for a text that it can't read: nil and a message.
static int no_time(lua_State *L, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    lua_pushnil(L);
    lua_pushvfstring(L, format, arguments);
    va_end(arguments);
    return 2;
}

/// The text as far as a message shows it, cut between two characters.
static const char *shown(const reading *r) {
    size_t length = r->length;
    if (length > SHOWN_BYTES) {
        length = SHOWN_BYTES;
        while (length > 0 && ((unsigned char)r->text[length] & 0xc0) == 0x80) length--;
    }
    return lua_pushlstring(r->L, r->text, length);
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_blank(char c) { return c == ' ' || c == '\t'; }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c; }
static bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

static char peek(const reading *r) { return r->at < r->length ? r->text[r->at] : 0; }

static bool take(reading *r, char c) {
    if (r->at == r->length || r->text[r->at] != c) return false;
    r->at++;
    return true;
}

static void skip_blanks(reading *r) {
    while (is_blank(peek(r))) r->at++;
}

static bool miss(reading *r, size_t at, const char *wanted) {
    r->at = at;
    r->wanted = wanted;
    return false;
}

/// A number of `least` to `most` digits and between `low` and `high`.
static bool read_number(reading *r, int *number, int least, int most, int low, int high, const char *wanted) {
    size_t start = r->at;
    int value = 0, count = 0;
    for (; count < most && is_digit(peek(r)); count++) value = value * 10 + (r->text[r->at++] - '0');
    if (count < least || value < low || value > high) return miss(r, start, wanted);
    *number = value;
    return true;
}

static bool read_part(reading *r, int *number, int low, int high, const char *wanted) {
    return read_number(r, number, 1, 2, low, high, wanted);
}

/// A number of any size that can be calculated with.
static bool read_count(reading *r, int64_t *count, const char *wanted) {
    size_t start = r->at;
    *count = 0;
    while (is_digit(peek(r)) && r->at - start < 18) *count = *count * 10 + (r->text[r->at++] - '0');
    return (r->at > start && !is_digit(peek(r))) || miss(r, start, wanted);
}

/// The digits of a fraction, as nanoseconds.
static bool read_fraction(reading *r, int least, int most) {
    size_t start = r->at;
    if (!read_number(r, &r->nanosecond, least, most, 0, NS - 1, "a fraction of as many digits")) return false;
    for (size_t i = r->at - start; i < 9; i++) r->nanosecond *= 10;
    return true;
}

static bool starts_with(const reading *r, const char *word, size_t length) {
    if (r->length - r->at < length) return false;
    for (size_t i = 0; i < length; i++) {
        if (lower(r->text[r->at + i]) != lower(word[i])) return false;
    }
    return true;
}

/// One of the names in any case, whole or its first three letters; its index from 1.
static bool read_name(reading *r, const char *const *names, int count, int *index, const char *wanted) {
    for (int i = 0; i < count; i++) {
        size_t whole = strlen(names[i]);
        size_t length = starts_with(r, names[i], whole) ? whole : 3;
        if (!starts_with(r, names[i], length)) continue;
        r->at += length;
        *index = i + 1;
        return true;
    }
    return miss(r, r->at, wanted);
}

/// `Z`, `+02`, `+0200`, `+02:00`, also with seconds.
static bool read_offset(reading *r) {
    static const char wanted[] = "an offset such as +0200, +02:00 or Z";
    size_t start = r->at;
    r->has_offset = true;
    r->offset = 0;
    if (take(r, 'Z') || take(r, 'z')) return true;
    bool west = take(r, '-');
    if (!west && !take(r, '+')) return miss(r, start, wanted);
    int value;
    // As far as the engine's own scanner goes.
    if (!read_number(r, &value, 2, 2, 0, 15, wanted)) return miss(r, start, wanted);
    r->offset = value * 3600;
    for (int unit = 60; unit > 0; unit /= 60) {
        size_t before = r->at;
        take(r, ':');
        if (!read_number(r, &value, 2, 2, 0, 59, wanted)) {
            r->at = before;
            break;
        }
        r->offset += value * unit;
    }
    if (west) r->offset = -r->offset;
    return true;
}

static bool is_zone_byte(char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '+' || c == '-' || c == '/';
}

/// A zone's name. What it means is asked only if there is no offset: `+0200 (CEST)` needs no answer.
static bool read_zone(reading *r) {
    size_t start = r->at;
    if (!is_letter(peek(r))) return miss(r, start, "a zone's name");
    while (r->at - start < ZONE_BYTES && is_zone_byte(peek(r))) r->at++;
    r->zone = r->text + start;
    r->zone_length = r->at - start;
    return true;
}

/// Seconds since 1970, with a sign and a fraction if need be. `layout` is what follows: a point of its own, or digits that
/// `%3f` asks for, aren't part of them.
static bool read_epoch(reading *r, const char *layout, size_t length) {
    static const char wanted[] = "seconds since 1970";
    r->is_negative = take(r, '-');
    size_t start = r->at, end = start;
    while (end < r->length && is_digit(r->text[end])) end++;
    size_t behind = length > 1 && *layout == '%' ? (size_t)fraction_width(layout + 1, length - 1) : 0;
    if (end - start <= behind || end - start - behind > 18) return miss(r, start, wanted);
    r->epoch = 0;
    while (r->at < end - behind) r->epoch = r->epoch * 10 + (r->text[r->at++] - '0');
    r->has_epoch = true;
    bool is_whole = behind > 0 || (length > 0 && *layout == '.');
    return is_whole || !take(r, '.') || read_fraction(r, 1, 9);
}

static bool read_layout(reading *r, const char *layout, size_t length);

/// Reads what the directive that `layout` begins with asks for; `*unknown` if there is none of that name.
static bool read_directive(reading *r, const char *layout, size_t length, bool *unknown) {
    int number = 0;
    switch (*layout) {
    case 'Y': return read_number(r, &r->year, 4, 4, 1, 9999, "a year of four digits");
    case 'y':
        if (!read_number(r, &number, 2, 2, 0, 99, "a year of two digits")) return false;
        // As the engine's own scanner takes it.
        r->year = number < 70 ? 2000 + number : 1900 + number;
        return true;
    case 'm': return read_part(r, &r->month, 1, 12, "a month, 1 to 12,");
    case 'e': take(r, ' '); return read_part(r, &r->day, 1, 31, "a day, 1 to 31,");
    case 'd': return read_part(r, &r->day, 1, 31, "a day, 1 to 31,");
    case 'j': return read_number(r, &r->yearday, 1, 3, 1, 366, "a day of the year, 1 to 366,");
    case 'H': return read_part(r, &r->hour, 0, 23, "an hour, 0 to 23,");
    case 'I': return read_part(r, &r->half_hour, 1, 12, "an hour, 1 to 12,");
    case 'M': return read_part(r, &r->minute, 0, 59, "a minute, 0 to 59,");
    // A leap second is taken as the next minute's first.
    case 'S': return read_part(r, &r->second, 0, 60, "a second, 0 to 60,");
    case 'f': return read_fraction(r, 1, 9);
    case 'p':
        if (!starts_with(r, "AM", 2) && !starts_with(r, "PM", 2)) return miss(r, r->at, "AM or PM");
        r->half = lower(peek(r));
        r->at += 2;
        return true;
    case 'b':
    case 'B': return read_name(r, months, 12, &r->month, "a month's English name");
    // Not compared with the date.
    case 'a':
    case 'A': return read_name(r, weekdays, 7, &number, "a weekday's English name");
    case 'z': return read_offset(r);
    case 'Z': return read_zone(r);
    case 's': return read_epoch(r, layout + 1, length - 1);
    case 'F': return read_layout(r, "%Y-%m-%d", 8);
    case 'T': return read_layout(r, "%H:%M:%S", 8);
    case '%': return take(r, '%') || miss(r, r->at, "a %");
    default: *unknown = true; return false;
    }
}

/// Follows the layout through the text; a blank stands for one or more.
static bool read_layout(reading *r, const char *layout, size_t length) {
    for (size_t i = 0; i < length; i++) {
        char c = layout[i];
        if (is_blank(c)) {
            if (!is_blank(peek(r)) && (i == 0 || !is_blank(layout[i - 1]))) return miss(r, r->at, "a blank");
            skip_blanks(r);
        } else if (c != '%') {
            if (take(r, c)) continue;
            lua_pushlstring(r->L, &c, 1);
            return miss(r, r->at, lua_pushfstring(r->L, "\"%s\"", lua_tostring(r->L, -1)));
        } else {
            size_t left = length - ++i;
            int digits = fraction_width(layout + i, left);
            bool unknown = left == 0;
            bool found = !unknown
                && (digits > 0 ? read_fraction(r, digits, digits) : read_directive(r, layout + i, left, &unknown));
            if (unknown) unknown_directive(r->L, "time.parse", layout + i, left);
            if (!found) return false;
            if (digits > 0) i++;
        }
    }
    return true;
}

/// Nanoseconds; false where 64 bits are too few. The engine keeps the least number for "no time".
static bool join(int64_t seconds, int nanosecond, int64_t *result) {
    // Before 1970 the fraction takes away from the second: both get the same sign, so that no sum in between is
    // out of range.
    if (seconds < 0 && nanosecond > 0) {
        seconds++;
        nanosecond -= NS;
    }
    return !__builtin_mul_overflow(seconds, (int64_t)NS, result)
        && !__builtin_add_overflow(*result, (int64_t)nanosecond, result) && *result != INT64_MIN;
}

static int push_time(const reading *r, bool fits, int64_t time) {
    if (!fits) {
        return no_time(
            r->L, "time.parse: \"%s\" is out of range: nanoseconds reach from the year 1677 to 2262", shown(r));
    }
    lua_pushinteger(r->L, time);
    return 1;
}

/// Takes a zone's offset from a time by its clocks. The zone's name is good where `known`.
static bool leave_zone(lua_State *L, const char *zone, size_t length, int64_t *time, bool *known) {
    ailua_state *host = host_of(L);
    limits_charge(L, host, ZONE_COST);
    int32_t offset;
    char name[8];
    *known = host->services.zone((const uint8_t *)zone, length, *time, true, &offset, name);
    return *known && !__builtin_sub_overflow(*time, (int64_t)offset * NS, time) && *time != INT64_MIN;
}

/// An option's text; null if it isn't given.
static const char *check_option(lua_State *L, const char *name, size_t *length) {
    if (lua_isnoneornil(L, 2)) return NULL;
    lua_pushstring(L, name);
    int type = lua_rawget(L, 2);
    if (type == LUA_TNIL) return NULL;
    if (type != LUA_TSTRING) luaL_error(L, "time.parse: %s is a string, not a %s", name, lua_typename(L, type));
    return lua_tolstring(L, -1, length);
}

/// Pushes the time, by the clocks of the `zone` option if the text had none of its own.
static int push_local(const reading *r, bool fits, int64_t time) {
    lua_State *L = r->L;
    size_t length = r->zone_length;
    const char *zone = r->zone;
    bool known = true;
    if (zone == NULL) zone = check_option(L, "zone", &length);
    if (fits && zone != NULL) fits = leave_zone(L, zone, length, &time, &known);
    if (known) return push_time(r, fits, time);
    if (r->zone == NULL) return unknown_zone(L, "time.parse", zone);
    return no_time(L, "time.parse: \"%s\" has a zone at %d that isn't known", shown(r), (int)(zone - r->text) + 1);
}

/// The time that a layout has found the parts of.
static int push_read(reading *r) {
    lua_State *L = r->L;
    int64_t time;
    if (r->has_epoch) {
        int sign = r->is_negative ? -1 : 1;
        bool fits = join(sign * r->epoch, sign * r->nanosecond, &time);
        return push_time(r, fits, time);
    }
    if (r->year == 0) return luaL_error(L, "time.parse: the layout has no year: %%Y, %%y, %%F or %%s");
    if (r->half_hour > 0) {
        if (r->half == 0) return luaL_error(L, "time.parse: %%I needs %%p in the layout");
        r->hour = r->half_hour % 12 + (r->half == 'p' ? 12 : 0);
    }
    int64_t days;
    if (r->month > 0 && r->day > 0) {
        if (r->day > days_in(r->month, r->year)) {
            return no_time(L, "time.parse: \"%s\" has a day that its month hasn't", shown(r));
        }
        days = days_of(r->year, r->month, r->day);
    } else if (r->yearday > 0) {
        if (r->yearday > (is_leap(r->year) ? 366 : 365)) {
            return no_time(L, "time.parse: \"%s\" has a day that its year hasn't", shown(r));
        }
        days = days_of(r->year, 1, 1) + r->yearday - 1;
    } else {
        return luaL_error(L, "time.parse: the layout has no day: %%m or %%b, and %%d or %%e; %%F, %%j or %%s");
    }
    int clock = r->hour * 3600 + r->minute * 60 + r->second;
    bool fits = join(days * DAY + clock - r->offset, r->nanosecond, &time);
    return r->has_offset ? push_time(r, fits, time) : push_local(r, fits, time);
}

/// `time.parse(text[, { zone =, layout = }])`.
static int host_parse(lua_State *L) {
    ailua_state *host = host_of(L);
    reading r = {.L = L};
    r.text = luaL_checklstring(L, 1, &r.length);
    limits_charge(L, host, (int64_t)(r.length / 32) + 1);
    static const char *const names[] = {"zone", "layout", NULL};
    if (!lua_isnoneornil(L, 2)) plain_check_names(L, 2, "time.parse", names);
    size_t length;
    const char *layout = check_option(L, "layout", &length);
    if (layout == NULL) {
        ailua_time time = {0};
        if (!host->services.time((const uint8_t *)r.text, r.length, &time)) {
            return no_time(L, "time.parse: no timestamp at the beginning of \"%s\"", shown(&r));
        }
        if (!time.absolute) return no_time(L, "time.parse: \"%s\" has no year, month and day", shown(&r));
        return time.has_zone ? push_time(&r, true, time.nanoseconds) : push_local(&r, true, time.nanoseconds);
    }
    check_layout(L, "time.parse", -1, &length);
    if (!read_layout(&r, layout, length)) {
        return no_time(L, "time.parse: %s expected in \"%s\" at %d", r.wanted, shown(&r), (int)r.at + 1);
    }
    if (r.at < r.length) {
        return no_time(L, "time.parse: the layout ends before \"%s\" does, at %d", shown(&r), (int)r.at + 1);
    }
    return push_read(&r);
}

// MARK: Durations

/// The nanoseconds of the unit that `text` begins with, and its length; 0 if it is none.
static int64_t unit_of(const char *text, size_t length, size_t *used) {
    static const struct {
        const char *name;
        int64_t nanoseconds;
    } units[] = {{"ns", 1}, {"us", 1000}, {"\xc2\xb5s", 1000}, {"\xce\xbcs", 1000}, {"ms", 1000000}, {"s", NS},
        {"m", 60LL * NS}, {"h", 3600LL * NS}, {"d", 86400LL * NS}, {"w", 604800LL * NS}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        *used = strlen(units[i].name);
        bool whole = *used <= length && (*used == length || !is_letter(text[*used]));
        if (whole && memcmp(text, units[i].name, *used) == 0) return units[i].nanoseconds;
    }
    return 0;
}

static bool add_product(int64_t *sum, int64_t count, int64_t unit) {
    int64_t product;
    return !__builtin_mul_overflow(count, unit, &product) && !__builtin_add_overflow(*sum, product, sum);
}

/// `time.duration(text)`: numbers with units, "1h30m", "1.5 s"; blanks between them are passed over. An integer is
/// nanoseconds already.
static int host_duration(lua_State *L) {
    if (lua_isinteger(L, 1)) {
        lua_settop(L, 1);
        return 1;
    }
    reading r = {.L = L};
    r.text = luaL_checklstring(L, 1, &r.length);
    limits_charge(L, host_of(L), (int64_t)r.length + 1);
    bool negative = take(&r, '-');
    int64_t sum = 0;
    do {
        int64_t count;
        size_t used;
        r.nanosecond = 0;
        if (!read_count(&r, &count, "a number") || (take(&r, '.') && !read_fraction(&r, 1, 9))) {
            return no_time(L, "time.duration: %s expected in \"%s\" at %d", r.wanted, shown(&r), (int)r.at + 1);
        }
        skip_blanks(&r);
        int64_t unit = unit_of(r.text + r.at, r.length - r.at, &used);
        if (unit == 0) {
            return no_time(L, "time.duration: a unit expected in \"%s\" at %d: ns us ms s m h d w", shown(&r),
                (int)r.at + 1);
        }
        r.at += used;
        skip_blanks(&r);
        // Billionths of the unit, of which those shorter than a second have no whole number.
        int64_t part = unit < NS ? r.nanosecond * unit / NS : r.nanosecond * (unit / NS);
        if (!add_product(&sum, count, unit) || !add_product(&sum, part, 1)) {
            return no_time(L, "time.duration: \"%s\" is longer than 292 years", shown(&r));
        }
    } while (r.at < r.length);
    lua_pushinteger(L, negative ? -sum : sum);
    return 1;
}

void time_check_length(lua_State *L, const char *what, int64_t length) {
    if (length <= 0 || length >= 1000000) return;
    luaL_error(L, "%s: %I is %I nanosecond%s: write \"%Is\" for seconds, \"%Ins\" if it is meant", what, (LUAI_UACINT)length,
        (LUAI_UACINT)length, length == 1 ? "" : "s", (LUAI_UACINT)length, (LUAI_UACINT)length);
}

// MARK: os

// What scripts know from elsewhere, without the machine's clock and zone: the same log gives the same result. All of
// it is UTC, and "now" is the event at hand, 0 before there is one.

static int64_t seconds_now(lua_State *L) {
    int64_t now = host_of(L)->now;
    return now == INT64_MIN ? 0 : floor_divide(now, NS);
}

/// An entry of the table that os.time is given; `otherwise` where it isn't there, if that is no error.
static int64_t time_entry(lua_State *L, const char *name, int64_t otherwise) {
    lua_pushstring(L, name);
    if (lua_rawget(L, 1) == LUA_TNIL && otherwise != INT64_MIN) return otherwise;
    int whole = 0;
    int64_t value = lua_tointegerx(L, -1, &whole);
    if (!whole || value < INT32_MIN || value > INT32_MAX) {
        luaL_error(L, "os.time: %s must be a whole number of 32 bits", name);
    }
    return value;
}

/// `os.time([{ year =, month =, day =, … }])`; months and days beyond their range count on, as everywhere.
static int host_os_time(lua_State *L) {
    if (lua_isnoneornil(L, 1)) {
        lua_pushinteger(L, seconds_now(L));
        return 1;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    int64_t months = time_entry(L, "year", INT64_MIN) * 12 + time_entry(L, "month", INT64_MIN) - 1;
    int64_t year = floor_divide(months, 12);
    if (year < 1 || year > 9999) return luaL_error(L, "os.time: years are 1 to 9999");
    int64_t days = days_of((int)year, (int)(months - year * 12) + 1, 1) + time_entry(L, "day", INT64_MIN) - 1;
    lua_pushinteger(L, days * DAY + time_entry(L, "hour", 12) * 3600 + time_entry(L, "min", 0) * 60
        + time_entry(L, "sec", 0));
    return 1;
}

/// `os.date([format[, time]])`: upvalue 1, the stock one, at UTC and with a bound on the format, whose signs cost time.
static int host_os_date(lua_State *L) {
    size_t length;
    const char *format = luaL_optlstring(L, 1, "%c", &length);
    if (length > LAYOUT_BYTES) return luaL_error(L, "os.date: a format has at most %d bytes", (int)LAYOUT_BYTES);
    limits_charge(L, host_of(L), ZONE_COST + 4 * (int64_t)length);
    lua_Integer time = luaL_optinteger(L, 2, seconds_now(L));
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushstring(L, *format == '!' ? "" : "!");
    lua_pushlstring(L, format, length);
    lua_concat(L, 2);
    lua_pushinteger(L, time);
    lua_call(L, 2, 1);
    return 1;
}

/// `os.clock()`: seconds too, and not those that the processor took: they would differ from run to run.
static int host_os_clock(lua_State *L) {
    int64_t now = host_of(L)->now;
    lua_pushnumber(L, now == INT64_MIN ? 0 : (lua_Number)now / NS);
    return 1;
}

/// Called with the table `os` on top of the stack, the stock functions still in it.
void luatime_replace_os(lua_State *L) {
    lua_pushcfunction(L, host_os_time);
    lua_setfield(L, -2, "time");
    lua_pushcfunction(L, host_os_clock);
    lua_setfield(L, -2, "clock");
    lua_getfield(L, -1, "date");
    lua_pushcclosure(L, host_os_date, 1);
    lua_setfield(L, -2, "date");
}

void luatime_open(lua_State *L) {
    static const luaL_Reg functions[] = {{"parse", host_parse}, {"format", host_format},
        {"duration", host_duration}, {"parts", host_parts}, {NULL, NULL}};
    luaL_newlib(L, functions);
    lua_setfield(L, -2, "time");
}
