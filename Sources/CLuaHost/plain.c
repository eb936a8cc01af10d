#define _GNU_SOURCE
#include "plain.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

// MARK: Null and lists

static const char list_mark = 0;

void plain_push_list_mark(lua_State *L) {
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &list_mark) == LUA_TTABLE) return;
    lua_pop(L, 1);
    lua_createtable(L, 0, 2);
    lua_pushliteral(L, "list");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &list_mark);
}

bool plain_is_list(lua_State *L, int index) {
    if (!lua_getmetatable(L, index)) return false;
    plain_push_list_mark(L);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

// MARK: Text

size_t plain_write_integer(lua_Integer value, char out[PLAIN_NUMBER_BYTES]) {
    char digits[PLAIN_NUMBER_BYTES];
    size_t at = sizeof digits;
    // The least integer has no positive twin: count in unsigned numbers.
    lua_Unsigned rest = value < 0 ? 0 - (lua_Unsigned)value : (lua_Unsigned)value;
    digits[--at] = 0;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0) digits[--at] = '-';
    memcpy(out, digits + at, sizeof digits - at);
    return sizeof digits - at - 1;
}

/// Up to 15 digits and these powers are exact as floats, so a quotient of the two is the float nearest to the decimal
/// number. Most floats in logs are such short numbers, and the C library takes ten times longer over them.
enum { SHORT_DIGITS = 15 };

static const lua_Number powers[SHORT_DIGITS + 1] = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

static size_t write_short_float(lua_Number value, char out[PLAIN_NUMBER_BYTES]) {
    lua_Number size = fabs(value);
    if (!(size >= 1e-4) && size != 0) return 0;
    for (int places = 1; places <= SHORT_DIGITS && size * powers[places] < powers[SHORT_DIGITS]; places++) {
        lua_Integer digits = (lua_Integer)(size * powers[places] + 0.5);
        if ((lua_Number)digits / powers[places] != size) continue;
        out[0] = '-';
        size_t length = signbit(value) != 0;
        length += plain_write_integer(digits / (lua_Integer)powers[places], out + length);
        out[length] = '.';
        for (int i = places; i > 0; i--, digits /= 10) out[length + (size_t)i] = (char)('0' + digits % 10);
        length += (size_t)places + 1;
        out[length] = 0;
        return length;
    }
    return 0;
}

/// The locale "C" is part of the C library: asking for it allocates nothing and can't fail.
static locale_t plain_locale(void) { return newlocale(LC_ALL_MASK, "C", (locale_t)0); }

size_t plain_write_float(lua_Number value, char out[PLAIN_NUMBER_BYTES]) {
    size_t length = write_short_float(value, out);
    if (length > 0) return length;
    // Its sign says nothing, and is another one on another machine.
    if (isnan(value)) value = (lua_Number)NAN;
    locale_t plain = plain_locale();
    locale_t before = uselocale(plain);
    // What has 15 digits is written with them, and 17 always do; the tiniest floats don't even hold 15.
    for (int digits = fabs(value) < DBL_MIN ? 1 : SHORT_DIGITS; digits <= 17; digits++) {
        length = (size_t)snprintf(out, PLAIN_NUMBER_BYTES, "%.*g", digits, value);
        if (strtod(out, NULL) == value) break;
    }
    uselocale(before);
    freelocale(plain);
    // The n is for inf and nan.
    if (out[strcspn(out, ".en")] == 0) {
        memcpy(out + length, ".0", 3);
        length += 2;
    }
    return length;
}

static bool read_short_float(const char *text, size_t length, lua_Number *value) {
    lua_Integer digits = 0;
    size_t places = 0;
    bool fraction = false;
    if (length > SHORT_DIGITS) return false;
    for (size_t i = text[0] == '-'; i < length; i++) {
        if (text[i] == '.') {
            fraction = true;
        } else if (text[i] >= '0' && text[i] <= '9') {
            digits = digits * 10 + (text[i] - '0');
            places += fraction;
        } else {
            return false;
        }
    }
    *value = (lua_Number)digits / powers[places];
    if (text[0] == '-') *value = -*value;
    return true;
}

lua_Number plain_read_float(lua_State *L, const char *text, size_t length) {
    lua_Number value;
    if (read_short_float(text, length, &value)) return value;
    locale_t plain = plain_locale();
    // The copy ends with a 0.
    value = strtod_l(lua_pushlstring(L, text, length), NULL, plain);
    lua_pop(L, 1);
    freelocale(plain);
    return value;
}

/// The UTF-16 unit of the escape `\uXXXX` at `at`; -1 if there is none.
static long hex_unit(const char *at, const char *end) {
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return -1;
    long unit = 0;
    for (int i = 2; i < 6; i++) {
        int digit = at[i] >= '0' && at[i] <= '9' ? at[i] - '0'
            : (at[i] | 0x20) >= 'a' && (at[i] | 0x20) <= 'f' ? (at[i] | 0x20) - 'a' + 10
            : -1;
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/// UTF-8 of a code point that is no surrogate.
static char *put_scalar(char *out, unsigned long scalar) {
    if (scalar < 0x80) {
        *out++ = (char)scalar;
        return out;
    }
    int tails = scalar < 0x800 ? 1 : scalar < 0x10000 ? 2 : 3;
    static const unsigned char leads[] = {0, 0xC0, 0xE0, 0xF0};
    *out++ = (char)(leads[tails] | scalar >> 6 * tails);
    while (tails-- > 0) *out++ = (char)(0x80 | (scalar >> 6 * tails & 0x3F));
    return out;
}

const char *plain_unescape(const char *at, const char *end, char **out) {
    if (end - at < 2) return NULL;
    switch (at[1]) {
    case '"': case '\\': case '/': *(*out)++ = at[1]; return at + 2;
    case 'n': *(*out)++ = '\n'; return at + 2;
    case 't': *(*out)++ = '\t'; return at + 2;
    case 'r': *(*out)++ = '\r'; return at + 2;
    case 'b': *(*out)++ = '\b'; return at + 2;
    case 'f': *(*out)++ = '\f'; return at + 2;
    default: break;
    }
    long unit = hex_unit(at, end);
    if (unit < 0) return NULL;
    at += 6;
    if (unit < 0xD800 || unit > 0xDFFF) {
        *out = put_scalar(*out, (unsigned long)unit);
        return at;
    }
    long low = unit < 0xDC00 ? hex_unit(at, end) : -1;
    if (low < 0xDC00 || low > 0xDFFF) {
        // Half of a pair says nothing: the replacement character stands for it.
        *out = put_scalar(*out, 0xFFFD);
        return at;
    }
    *out = put_scalar(*out, 0x10000 + ((unsigned long)(unit - 0xD800) << 10) + (unsigned long)(low - 0xDC00));
    return at + 6;
}

void plain_check_names(lua_State *L, int index, const char *function, const char *const *names) {
    if (!lua_istable(L, index)) {
        luaL_error(L, "%s: the options are a table, not a %s", function, luaL_typename(L, index));
    }
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : luaL_typename(L, -2);
        const char *const *name = names;
        while (*name != NULL && strcmp(*name, key) != 0) name++;
        if (*name != NULL) continue;
        luaL_Buffer all;
        luaL_buffinit(L, &all);
        for (name = names; *name != NULL; name++) {
            if (name != names) luaL_addstring(&all, name[1] == NULL ? " and " : ", ");
            luaL_addstring(&all, *name);
        }
        luaL_pushresult(&all);
        luaL_error(L, "%s has no option \"%s\": it has %s", function, key, lua_tostring(L, -1));
    }
}

static plain_option *find_option(lua_State *L, int index, plain_option *options, int count) {
    for (int i = 0; i < count; i++) {
        if (strcmp(lua_tostring(L, index), options[i].name) == 0) return &options[i];
    }
    return NULL;
}

void plain_options(lua_State *L, int index, const char *library, plain_option *options, int count) {
    if (lua_isnoneornil(L, index)) return;
    const char *names[PLAIN_OPTIONS + 1] = {NULL};
    for (int i = 0; i < count && i < PLAIN_OPTIONS; i++) names[i] = options[i].name;
    plain_check_names(L, index, library, names);
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        plain_option *option = find_option(L, -2, options, count);
        size_t length = lua_type(L, -1) == LUA_TSTRING ? lua_rawlen(L, -1) : 2;
        bool none = length == 0 && strcmp(option->name, "quote") == 0;
        if (length != 1 && !none) {
            luaL_error(L, "%s: the option %s is one byte, not \"%s\"", library, option->name,
                lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : luaL_typename(L, -1));
        }
        option->byte = none ? -1 : (unsigned char)*lua_tostring(L, -1);
    }
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < i; j++) {
            if (options[i].byte != options[j].byte) continue;
            luaL_error(L, "%s: the options %s and %s are the same byte", library, options[j].name, options[i].name);
        }
    }
}

// MARK: Errors

/// Appends `.name`, `["a name"]` or `[1]`. The path is for people: long names are cut.
static void add_step(luaL_Buffer *path, const plain_key *key, bool first) {
    char number[PLAIN_NUMBER_BYTES];
    switch (key->kind) {
    case PLAIN_INTEGER: plain_write_integer(key->integer, number); break;
    case PLAIN_FLOAT: plain_write_float(key->number, number); break;
    case PLAIN_BOOLEAN: strcpy(number, key->integer != 0 ? "true" : "false"); break;
    case PLAIN_STRING: {
        size_t length = key->length > 40 ? 40 : key->length;
        bool name = length > 0;
        for (size_t i = 0; i < length; i++) {
            char byte = key->bytes[i], letter = byte | 0x20;
            name = name && ((letter >= 'a' && letter <= 'z') || byte == '_' || (i > 0 && byte >= '0' && byte <= '9'));
        }
        if (!name) luaL_addstring(path, "[\"");
        if (name && !first) luaL_addchar(path, '.');
        for (size_t i = 0; i < length; i++) {
            unsigned char byte = (unsigned char)key->bytes[i];
            luaL_addchar(path, byte < 0x20 || byte == 0x7F ? '?' : (char)byte);
        }
        if (length < key->length) luaL_addstring(path, "...");
        if (!name) luaL_addstring(path, "\"]");
        return;
    }
    }
    luaL_addchar(path, '[');
    luaL_addstring(path, number);
    luaL_addchar(path, ']');
}

_Noreturn void plain_fail(plain_writer *writer, const char *format, ...) {
    lua_State *L = writer->meter.L;
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    va_list arguments;
    va_start(arguments, format);
    const char *text = lua_pushvfstring(L, format, arguments);
    va_end(arguments);
    luaL_Buffer path;
    luaL_buffinit(L, &path);
    for (int i = 0; i < writer->depth; i++) add_step(&path, &writer->steps[i], i == 0);
    if (writer->depth == 0) luaL_addstring(&path, "the value");
    luaL_pushresult(&path);
    // It doesn't return, but isn't declared so.
    for (;;) luaL_error(L, "%s%s %s", writer->prefix, lua_tostring(L, -1), text);
}

// MARK: Walk

void plain_begin(plain_writer *writer, lua_State *L, const char *prefix, size_t limit) {
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    writer->meter = (plain_meter){L, 0};
    writer->prefix = prefix;
    writer->bytes = writer->first_bytes;
    writer->count = 0;
    writer->capacity = sizeof writer->first_bytes;
    // No block that the heap would refuse: that ends the state, and this is only an error.
    size_t most = host_of(L)->heap.string_limit - 64;
    writer->limit = limit < most ? limit : most;
    writer->keys = writer->first_keys;
    writer->key_count = 0;
    writer->key_capacity = sizeof writer->first_keys / sizeof *writer->first_keys;
    writer->depth = 0;
    lua_pushnil(L);
    writer->slot = lua_gettop(L);
    lua_pushnil(L);
}

void plain_finish(plain_writer *writer) {
    lua_State *L = writer->meter.L;
    plain_spend(&writer->meter, writer->count / 32);
    plain_settle(&writer->meter);
    lua_pushlstring(L, writer->bytes, writer->count);
    lua_replace(L, writer->slot);
    lua_settop(L, writer->slot);
}

/// A block of `wanted` bytes with the `used` ones of `block`, kept alive by the stack.
static void *move_block(plain_writer *writer, int slot, const void *block, size_t used, size_t wanted) {
    lua_State *L = writer->meter.L;
    plain_spend(&writer->meter, used / 32);
    void *moved = lua_newuserdatauv(L, wanted, 0);
    memcpy(moved, block, used);
    lua_replace(L, slot);
    return moved;
}

void plain_grow(plain_writer *writer, size_t length) {
    if (length > writer->limit - writer->count) {
        writer->depth = 0;
        plain_fail(writer, "takes more than %I bytes", (LUAI_UACINT)writer->limit);
    }
    size_t capacity = writer->capacity;
    while (capacity - writer->count < length) capacity *= 2;
    if (capacity > writer->limit) capacity = writer->limit;
    writer->bytes = move_block(writer, writer->slot, writer->bytes, writer->count, capacity);
    writer->capacity = capacity;
}

void plain_enter(plain_writer *writer) {
    lua_State *L = writer->meter.L;
    const void *table = lua_topointer(L, -1);
    for (int i = 0; i < writer->depth; i++) {
        if (writer->tables[i] == table) plain_fail(writer, "is a table that holds itself");
    }
    if (writer->depth == PLAIN_DEPTH) {
        // A path of 64 steps helps nobody.
        writer->depth = 1;
        plain_fail(writer, "is nested deeper than %d levels", (int)PLAIN_DEPTH);
    }
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    // `keys` points into strings that the table must keep alive.
    if (luaL_getmetafield(L, -1, "__mode") != LUA_TNIL) plain_fail(writer, "is a weak table");
    writer->tables[writer->depth++] = table;
    plain_spend(&writer->meter, 4);
}

lua_Integer plain_sequence(plain_writer *writer) {
    lua_State *L = writer->meter.L;
    lua_Integer count = 0;
    while (lua_rawgeti(L, -1, count + 1) != LUA_TNIL) {
        lua_pop(L, 1);
        count++;
        plain_spend(&writer->meter, 1);
    }
    lua_pop(L, 1);
    return count;
}

static void read_key(plain_writer *writer, plain_key *key) {
    lua_State *L = writer->meter.L;
    switch (lua_type(L, -2)) {
    case LUA_TBOOLEAN:
        key->kind = PLAIN_BOOLEAN;
        key->integer = lua_toboolean(L, -2);
        break;
    case LUA_TNUMBER:
        key->kind = lua_isinteger(L, -2) ? PLAIN_INTEGER : PLAIN_FLOAT;
        if (key->kind == PLAIN_INTEGER) {
            key->integer = lua_tointeger(L, -2);
        } else {
            key->number = lua_tonumber(L, -2);
        }
        break;
    case LUA_TSTRING:
        key->kind = PLAIN_STRING;
        key->bytes = lua_tolstring(L, -2, &key->length);
        break;
    default:
        // The path to the table itself.
        writer->depth--;
        plain_fail(writer, "has a key that is a %s", luaL_typename(L, -2));
    }
}

size_t plain_gather(plain_writer *writer, lua_Integer sequence) {
    lua_State *L = writer->meter.L;
    size_t first = writer->key_count;
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        plain_key key;
        read_key(writer, &key);
        plain_spend(&writer->meter, 1);
        if (key.kind == PLAIN_INTEGER && key.integer >= 1 && key.integer <= sequence) continue;
        if (writer->key_count == writer->key_capacity) {
            size_t used = writer->key_count * sizeof key;
            writer->keys = move_block(writer, writer->slot + 1, writer->keys, used, 2 * used);
            writer->key_capacity *= 2;
        }
        writer->keys[writer->key_count++] = key;
    }
    return writer->key_count - first;
}

/// Holds any integer and any float as it is: 64 bits of mantissa or more, on x86-64 and arm64.
static long double number_of(const plain_key *key) {
    return key->kind == PLAIN_INTEGER ? (long double)key->integer : (long double)key->number;
}

static int compare_keys(const void *a, const void *b) {
    const plain_key *left = a, *right = b;
    if (left->kind != right->kind) {
        bool are_numbers = left->kind <= PLAIN_FLOAT && right->kind <= PLAIN_FLOAT;
        // Of the same value there is only one key: Lua makes an integer of a float that is whole.
        if (are_numbers) return number_of(left) < number_of(right) ? -1 : 1;
        return left->kind < right->kind ? -1 : 1;
    }
    switch (left->kind) {
    case PLAIN_FLOAT: return (left->number > right->number) - (left->number < right->number);
    case PLAIN_STRING: {
        int order = memcmp(left->bytes, right->bytes, left->length < right->length ? left->length : right->length);
        return order != 0 ? order : (left->length > right->length) - (left->length < right->length);
    }
    default: return (left->integer > right->integer) - (left->integer < right->integer);
    }
}

void plain_sort(plain_writer *writer, size_t count) {
    plain_key *keys = writer->keys + writer->key_count - count;
    size_t steps = count;
    for (size_t i = 0; i < count; i++) steps += keys[i].kind == PLAIN_STRING ? keys[i].length / 32 : 0;
    for (size_t rest = count; rest > 1; rest /= 2) plain_spend(&writer->meter, 2 * steps);
    qsort(keys, count, sizeof *keys, compare_keys);
}

void plain_push_key(lua_State *L, const plain_key *key) {
    switch (key->kind) {
    case PLAIN_INTEGER: lua_pushinteger(L, key->integer); break;
    case PLAIN_FLOAT: lua_pushnumber(L, key->number); break;
    case PLAIN_STRING: lua_pushlstring(L, key->bytes, key->length); break;
    case PLAIN_BOOLEAN: lua_pushboolean(L, key->integer != 0); break;
    }
}
