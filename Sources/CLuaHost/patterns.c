#define _GNU_SOURCE
#include "host.h"

#include <string.h>

// string.find, match, gmatch and gsub, written anew because the loops of the stock ones run in C, where no hook goes
// off: a pattern of ten bytes can keep them busy for hours. Here every step is paid for out of the call's budget.
// Results and errors are those of Lua, also where its manual leaves them open (PatternDifferenceTests).
//
// A pattern is read while it is matched, each item anew whenever its turn comes. It's short, and so an item that is
// malformed is an error only if the match gets that far, as in Lua.

enum {
    /// Captures and repetitions that one match may be inside of, as in Lua.
    PATTERN_DEPTH = 200,
    PATTERN_CAPTURES = 32,
    /// Between two payments.
    PATTERN_STEPS = 1024,
    /// A step is about a byte looked at; an instruction of the Lua machine takes as long as a few of them.
    STEPS_PER_INSTRUCTION = 4,
    /// For bytes that are only copied or searched for one byte: memcpy, memchr, memcmp.
    BYTES_PER_STEP = 8
};

/// Lengths of captures that are none.
enum { CAPTURE_OPEN = -1, CAPTURE_POSITION = -2 };

typedef struct {
    const char *start;
    ptrdiff_t length;
} capture;

typedef struct {
    lua_State *L;
    ailua_state *host;
    const char *subject;
    const char *subject_end;
    /// Without the ^ of an anchored one.
    const char *pattern;
    const char *pattern_end;
    /// Where the match before ended: no empty match comes right behind another match.
    const char *last;
    bool anchored;
    bool lead_known;
    /// The item that every match begins with, if it takes one byte and can't be left out; else null.
    const char *lead;
    const char *lead_end;
    /// The only byte that a match can begin with; negative if there are several.
    int lead_byte;
    /// Left of the portion.
    int64_t steps;
    /// Left for the match at hand, as are the captures opened so far.
    int depth;
    int count;
    capture captures[PATTERN_CAPTURES];
} matcher;

// MARK: Budget

static void pay(matcher *m) {
    int64_t used = PATTERN_STEPS - m->steps;
    m->steps = PATTERN_STEPS;
    limits_charge(m->L, m->host, used / STEPS_PER_INSTRUCTION);
}

static inline void spend(matcher *m, size_t steps) {
    m->steps -= (int64_t)steps;
    if (m->steps < 0) pay(m);
}

// MARK: Single bytes

enum { CONTROL = 1, SPACE = 2, DIGIT = 4, HEX = 8, UPPER = 16, LOWER = 32, PUNCTUATION = 64, ZERO = 128 };

/// What each byte is in the C locale, whatever locale the process has.
static const uint8_t kinds[256] = {[0] = CONTROL | ZERO, [1 ... 8] = CONTROL, [9 ... 13] = CONTROL | SPACE,
    [14 ... 31] = CONTROL, [' '] = SPACE, ['!' ... '/'] = PUNCTUATION, ['0' ... '9'] = DIGIT | HEX,
    [':' ... '@'] = PUNCTUATION, ['A' ... 'F'] = UPPER | HEX, ['G' ... 'Z'] = UPPER, ['[' ... '`'] = PUNCTUATION,
    ['a' ... 'f'] = LOWER | HEX, ['g' ... 'z'] = LOWER, ['{' ... '~'] = PUNCTUATION, [127] = CONTROL};

/// The kinds that %a, %c and so on stand for; 0 for a letter that stands for itself.
static const uint8_t classes[26] = {['a' - 'a'] = UPPER | LOWER, ['c' - 'a'] = CONTROL, ['d' - 'a'] = DIGIT,
    ['g' - 'a'] = UPPER | LOWER | DIGIT | PUNCTUATION, ['l' - 'a'] = LOWER, ['p' - 'a'] = PUNCTUATION,
    ['s' - 'a'] = SPACE, ['u' - 'a'] = UPPER, ['w' - 'a'] = UPPER | LOWER | DIGIT, ['x' - 'a'] = HEX,
    ['z' - 'a'] = ZERO};

static inline bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

static inline uint8_t class_of(uint8_t letter) {
    uint8_t index = (uint8_t)((letter | 0x20) - 'a');
    return index < sizeof classes ? classes[index] : 0;
}

/// %d, %D for all but these, %% for itself.
static inline bool in_class(uint8_t byte, uint8_t letter) {
    uint8_t class = class_of(letter);
    if (class == 0) return byte == letter;
    return ((kinds[byte] & class) != 0) == ((letter & 0x20) != 0);
}

/// The set from the [ at `at` to the ] at `close`.
static bool in_set(uint8_t byte, const char *at, const char *close) {
    bool wanted = at[1] != '^';
    for (at += wanted ? 1 : 2; at < close; at++) {
        bool found;
        if (*at == '%') {
            found = in_class(byte, (uint8_t)*++at);
        } else if (at[1] == '-' && at + 2 < close) {
            found = (uint8_t)at[0] <= byte && byte <= (uint8_t)at[2];
            at += 2;
        } else {
            found = (uint8_t)*at == byte;
        }
        if (found) return wanted;
    }
    return !wanted;
}

static const char *set_end(matcher *m, const char *set) {
    // A ] that comes first belongs to the set.
    const char *first = set + (set[1] == '^' ? 2 : 1);
    for (const char *at = first; at < m->pattern_end; at += *at == '%' ? 2 : 1) {
        if (*at != ']' || at == first) continue;
        spend(m, (size_t)(at - set));
        return at + 1;
    }
    luaL_error(m->L, "malformed pattern (missing ']')");
    return NULL;
}

/// Where the item that begins at `item` ends, one that stands for a single byte: "x", ".", "%x" or "[set]".
static inline const char *item_end(matcher *m, const char *item) {
    if (*item == '[') return set_end(m, item);
    if (*item != '%') return item + 1;
    if (item + 1 == m->pattern_end) luaL_error(m->L, "malformed pattern (ends with '%%')");
    return item + 2;
}

static inline bool takes(matcher *m, const char *item, const char *end, uint8_t byte) {
    switch (*item) {
    case '.': return true;
    case '%': return in_class(byte, (uint8_t)item[1]);
    case '[': spend(m, (size_t)(end - item)); return in_set(byte, item, end - 1);
    default: return (uint8_t)*item == byte;
    }
}

/// The end of the run of bytes from `at` on that the item takes.
static const char *run_end(matcher *m, const char *at, const char *item, const char *end) {
    const char *start = at, *stop = m->subject_end;
    switch (*item) {
    case '.': return stop;
    case '%': while (at < stop && in_class((uint8_t)*at, (uint8_t)item[1])) at++; break;
    case '[': while (at < stop && takes(m, item, end, (uint8_t)*at)) at++; return at;
    default: while (at < stop && *at == *item) at++; break;
    }
    spend(m, (size_t)(at - start));
    return at;
}

// MARK: Items that are more than a byte

/// %bxy: from an x to the y that balances it.
static const char *match_balanced(matcher *m, const char *at, const char *pair) {
    if (m->pattern_end - pair < 2) luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
    if (at == m->subject_end || *at != pair[0]) return NULL;
    const char *start = at;
    size_t open = 1;
    while (open > 0 && ++at < m->subject_end) {
        if (*at == pair[1]) {
            open--;
        } else if (*at == pair[0]) {
            open++;
        }
    }
    spend(m, (size_t)(at - start));
    return open == 0 ? at + 1 : NULL;
}

/// %f[set]: between a byte that isn't in the set and one that is; before and behind the subject lies a zero.
static bool at_frontier(matcher *m, const char *at, const char *set, const char **end) {
    if (*set != '[') luaL_error(m->L, "missing '[' after '%%f' in pattern");
    *end = item_end(m, set);
    uint8_t before = at == m->subject ? 0 : (uint8_t)at[-1];
    return !takes(m, set, *end, before) && takes(m, set, *end, (uint8_t)*at);
}

/// %1: the same bytes as in a capture.
static const char *match_reference(matcher *m, const char *at, char digit) {
    int index = digit - '1';
    if (index < 0 || index >= m->count || m->captures[index].length == CAPTURE_OPEN) {
        luaL_error(m->L, "invalid capture index %%%d", index + 1);
    }
    const capture *found = &m->captures[index];
    if (found->length == CAPTURE_POSITION || m->subject_end - at < found->length) return NULL;
    spend(m, (size_t)found->length / BYTES_PER_STEP);
    return memcmp(found->start, at, (size_t)found->length) == 0 ? at + found->length : NULL;
}

// MARK: Matching

static const char *match_rest(matcher *m, const char *at, const char *pattern);

static const char *open_capture(matcher *m, const char *at, const char *pattern) {
    if (m->count >= PATTERN_CAPTURES) luaL_error(m->L, "too many captures");
    bool position = *pattern == ')';
    m->captures[m->count++] = (capture){at, position ? CAPTURE_POSITION : CAPTURE_OPEN};
    const char *end = match_rest(m, at, position ? pattern + 1 : pattern);
    if (end == NULL) m->count--;
    return end;
}

static const char *close_capture(matcher *m, const char *at, const char *pattern) {
    int index = m->count;
    do {
        if (index-- == 0) luaL_error(m->L, "invalid pattern capture");
    } while (m->captures[index].length != CAPTURE_OPEN);
    m->captures[index].length = at - m->captures[index].start;
    const char *end = match_rest(m, at, pattern);
    if (end == NULL) m->captures[index].length = CAPTURE_OPEN;
    return end;
}

/// The repetitions * and +: as many bytes as there are, then fewer, down to `least`.
static const char *match_longest(matcher *m, const char *least, const char *item, const char *end) {
    for (const char *at = run_end(m, least, item, end);; at--) {
        const char *found = match_rest(m, at, end + 1);
        if (found != NULL || at == least) return found;
    }
}

static const char *match_shortest(matcher *m, const char *at, const char *item, const char *end) {
    for (;; at++) {
        const char *found = match_rest(m, at, end + 1);
        if (found != NULL) return found;
        if (at == m->subject_end || !takes(m, item, end, (uint8_t)*at)) return NULL;
    }
}

/// Items one after the other, until one needs the rest of the pattern to say how far it goes itself.
static const char *match_items(matcher *m, const char *at, const char *pattern) {
    while (at != NULL && pattern != m->pattern_end) {
        spend(m, 1);
        const char *end;
        switch (*pattern) {
        case '(': return open_capture(m, at, pattern + 1);
        case ')': return close_capture(m, at, pattern + 1);
        case '$':
            if (pattern + 1 != m->pattern_end) break;
            return at == m->subject_end ? at : NULL;
        case '%':
            if (pattern[1] == 'b') {
                at = match_balanced(m, at, pattern + 2);
                pattern += 4;
                continue;
            }
            if (pattern[1] == 'f') {
                if (!at_frontier(m, at, pattern + 2, &end)) return NULL;
                pattern = end;
                continue;
            }
            if (is_digit(pattern[1])) {
                at = match_reference(m, at, pattern[1]);
                pattern += 2;
                continue;
            }
            break;
        default: break;
        }
        end = item_end(m, pattern);
        bool taken = at != m->subject_end && takes(m, pattern, end, (uint8_t)*at);
        switch (*end) {
        case '+': return taken ? match_longest(m, at + 1, pattern, end) : NULL;
        case '*':
            if (taken) return match_longest(m, at, pattern, end);
            pattern = end + 1;
            break;
        case '-':
            if (taken) return match_shortest(m, at, pattern, end);
            pattern = end + 1;
            break;
        case '?': {
            const char *found = taken ? match_rest(m, at + 1, end + 1) : NULL;
            if (found != NULL) return found;
            pattern = end + 1;
            break;
        }
        default:
            if (!taken) return NULL;
            at++;
            pattern = end;
            break;
        }
    }
    return at;
}

/// Matches `pattern` at `at`; returns where the match ends, or null.
static const char *match_rest(matcher *m, const char *at, const char *pattern) {
    if (m->depth-- == 0) luaL_error(m->L, "pattern too complex");
    const char *end = match_items(m, at, pattern);
    m->depth++;
    return end;
}

/// Finds out what every match begins with, so that `search` gets over all other places at once.
static void find_lead(matcher *m) {
    m->lead_known = true;
    m->lead = NULL;
    m->lead_byte = -1;
    const char *item = m->pattern + (*m->pattern == '(');
    if (item == m->pattern_end || *item == '(' || *item == ')' || *item == '$') return;
    if (*item == '%') {
        if (item[1] == 'b' && m->pattern_end - item >= 4) m->lead_byte = (uint8_t)item[2];
        if (item[1] == 'b' || item[1] == 'f' || is_digit(item[1])) return;
    }
    const char *end = item_end(m, item);
    if (*item == '.' || *end == '*' || *end == '?' || *end == '-') return;
    if (*item == '[' || (*item == '%' && class_of((uint8_t)item[1]) != 0)) {
        m->lead = item;
        m->lead_end = end;
    } else {
        m->lead_byte = (uint8_t)end[-1];
    }
}

/// The next place from `at` on where a match can begin; null if there is none.
static const char *skip_to_lead(matcher *m, const char *at) {
    const char *from = at, *stop = m->subject_end;
    if (m->lead_byte >= 0) {
        at = memchr(at, m->lead_byte, (size_t)(stop - at));
        spend(m, (size_t)((at != NULL ? at : stop) - from) / BYTES_PER_STEP);
        return at;
    }
    if (m->lead == NULL) return at;
    while (at < stop && !takes(m, m->lead, m->lead_end, (uint8_t)*at)) at++;
    spend(m, (size_t)(at - from));
    return at < stop ? at : NULL;
}

/// The next match from `*start` on: puts its beginning there and returns its end; null if there is none.
static const char *search(matcher *m, const char **start) {
    for (const char *at = *start; at <= m->subject_end; at++) {
        if (!m->anchored) {
            if (!m->lead_known) find_lead(m);
            at = skip_to_lead(m, at);
            if (at == NULL) return NULL;
        }
        spend(m, 1);
        m->depth = PATTERN_DEPTH;
        m->count = 0;
        const char *end = match_rest(m, at, m->pattern);
        if (end != NULL && end != m->last) {
            m->last = end;
            *start = at;
            return end;
        }
        if (m->anchored) return NULL;
    }
    return NULL;
}

// MARK: Preparing

static inline bool is_special(char byte) {
    switch (byte) {
    case '^': case '$': case '*': case '+': case '?': case '.': case '(': case '[': case '%': case '-': return true;
    default: return false;
    }
}

static bool is_plain(const char *pattern, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (is_special(pattern[i])) return false;
    }
    return true;
}

static void prepare(matcher *m, lua_State *L, const char *subject, size_t length, const char *pattern,
    size_t pattern_length, bool anchors) {
    m->L = L;
    m->host = host_of(L);
    m->subject = subject;
    m->subject_end = subject + length;
    m->anchored = anchors && *pattern == '^';
    m->pattern = m->anchored ? pattern + 1 : pattern;
    m->pattern_end = pattern + pattern_length;
    m->lead_known = false;
    m->last = NULL;
    m->steps = PATTERN_STEPS;
}

/// Argument 3, the place to begin at, as an offset; `length + 1` if it lies behind the end.
static size_t check_start(lua_State *L, size_t length) {
    lua_Integer start = luaL_optinteger(L, 3, 1);
    if (start > 0) return (size_t)start - 1 <= length ? (size_t)start - 1 : length + 1;
    return start == 0 || start < -(lua_Integer)length ? 0 : length + (size_t)start;
}

// MARK: Captures as values

/// The bytes of a capture, where the whole match counts as the first if there is none. Null after pushing a position.
static const char *capture_bytes(matcher *m, int index, const char *start, const char *end, size_t *length) {
    if (index >= m->count) {
        if (index != 0) luaL_error(m->L, "invalid capture index %%%d", index + 1);
        *length = (size_t)(end - start);
        return start;
    }
    const capture *found = &m->captures[index];
    if (found->length == CAPTURE_OPEN) luaL_error(m->L, "unfinished capture");
    if (found->length == CAPTURE_POSITION) {
        lua_pushinteger(m->L, found->start - m->subject + 1);
        return NULL;
    }
    *length = (size_t)found->length;
    return found->start;
}

static void push_capture(matcher *m, int index, const char *start, const char *end) {
    size_t length;
    const char *bytes = capture_bytes(m, index, start, end, &length);
    if (bytes == NULL) return;
    spend(m, length / BYTES_PER_STEP);
    const char *copy = lua_pushlstring(m->L, bytes, length);
    if (m->subject != m->host->line_in_lua) return;
    // A field made of it will need no copy.
    host_piece *piece = piece_slot(m->host, copy);
    piece->bytes = copy;
    piece->offset = (size_t)(bytes - m->subject);
}

static int push_captures(matcher *m, int count, const char *start, const char *end) {
    // A C function always has a few places to spare.
    if (count > LUA_MINSTACK / 2) luaL_checkstack(m->L, count, "too many captures");
    for (int i = 0; i < count; i++) push_capture(m, i, start, end);
    return count;
}

static int push_captures_or_match(matcher *m, const char *start, const char *end) {
    return push_captures(m, m->count == 0 ? 1 : m->count, start, end);
}

// MARK: find and match

/// Few places begin like the text, as a rule: looking at each is quicker than memmem, which is quicker otherwise.
static const char *find_text(const char *at, const char *stop, const char *text, size_t size) {
    if (size == 0) return at;
    for (int tries = 0; tries < 8; tries++) {
        if ((size_t)(stop - at) < size) return NULL;
        at = memchr(at, *text, (size_t)(stop - at) - size + 1);
        if (at == NULL || memcmp(at, text, size) == 0) return at;
        at++;
    }
    return memmem(at, (size_t)(stop - at), text, size);
}

static int find_plain(lua_State *L, const char *subject, size_t length, size_t start, const char *text, size_t size) {
    const char *found = find_text(subject + start, subject + length, text, size);
    size_t bytes = (found != NULL ? (size_t)(found - subject) : length) - start + size;
    limits_charge(L, host_of(L), (int64_t)(bytes / (BYTES_PER_STEP * STEPS_PER_INSTRUCTION)));
    if (found == NULL) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, found - subject + 1);
    lua_pushinteger(L, found - subject + (lua_Integer)size);
    return 2;
}

static int find_or_match(lua_State *L, bool find) {
    size_t length, pattern_length;
    const char *subject = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    size_t offset = check_start(L, length);
    if (offset > length) {
        lua_pushnil(L);
        return 1;
    }
    if (find && (lua_toboolean(L, 4) || is_plain(pattern, pattern_length))) {
        return find_plain(L, subject, length, offset, pattern, pattern_length);
    }
    matcher m;
    prepare(&m, L, subject, length, pattern, pattern_length, true);
    const char *start = subject + offset;
    const char *end = search(&m, &start);
    int results = 1;
    if (end == NULL) {
        lua_pushnil(L);
    } else if (find) {
        lua_pushinteger(L, start - subject + 1);
        lua_pushinteger(L, end - subject);
        results = 2 + push_captures(&m, m.count, start, end);
    } else {
        results = push_captures_or_match(&m, start, end);
    }
    pay(&m);
    return results;
}

static int host_find(lua_State *L) { return find_or_match(L, true); }

static int host_match(lua_State *L) { return find_or_match(L, false); }

// MARK: gmatch

/// Upvalues: subject, pattern, where the match before ended; before the first one ~offset, where to begin.
static int next_match(lua_State *L) {
    size_t length, pattern_length;
    const char *subject = lua_tolstring(L, lua_upvalueindex(1), &length);
    const char *pattern = lua_tolstring(L, lua_upvalueindex(2), &pattern_length);
    lua_Integer place = lua_tointeger(L, lua_upvalueindex(3));
    matcher m;
    prepare(&m, L, subject, length, pattern, pattern_length, false);
    const char *start = subject + (place < 0 ? ~place : place);
    if (place >= 0) m.last = start;
    const char *end = search(&m, &start);
    int results = 0;
    if (end != NULL) {
        lua_pushinteger(L, end - subject);
        lua_replace(L, lua_upvalueindex(3));
        results = push_captures_or_match(&m, start, end);
    }
    pay(&m);
    return results;
}

static int host_gmatch(lua_State *L) {
    size_t length;
    luaL_checklstring(L, 1, &length);
    luaL_checkstring(L, 2);
    size_t offset = check_start(L, length);
    lua_settop(L, 2);
    lua_pushinteger(L, ~(lua_Integer)offset);
    lua_pushcclosure(L, next_match, 3);
    return 1;
}

// MARK: gsub

static void add_bytes(matcher *m, luaL_Buffer *buffer, const char *bytes, size_t length) {
    spend(m, length / BYTES_PER_STEP);
    luaL_addlstring(buffer, bytes, length);
}

/// Adds the text of argument 3, in which %1 is a capture, %0 the match and %% a %.
static bool add_text(matcher *m, luaL_Buffer *buffer, const char *start, const char *end) {
    size_t length;
    const char *text = lua_tolstring(m->L, 3, &length);
    const char *stop = text + length;
    const char *escape;
    while ((escape = memchr(text, '%', (size_t)(stop - text))) != NULL) {
        add_bytes(m, buffer, text, (size_t)(escape - text));
        char what = escape[1];
        if (what == '%') {
            luaL_addchar(buffer, '%');
        } else if (what == '0') {
            add_bytes(m, buffer, start, (size_t)(end - start));
        } else if (is_digit(what)) {
            size_t size;
            const char *bytes = capture_bytes(m, what - '1', start, end, &size);
            if (bytes != NULL) {
                add_bytes(m, buffer, bytes, size);
            } else {
                luaL_addvalue(buffer);
            }
        } else {
            luaL_error(m->L, "invalid use of '%%' in replacement string");
        }
        spend(m, 1);
        text = escape + 2;
    }
    add_bytes(m, buffer, text, (size_t)(stop - text));
    return true;
}

/// Adds what a function or a table makes of the match; false if that keeps it as it is.
static bool add_value(matcher *m, luaL_Buffer *buffer, int type, const char *start, const char *end) {
    lua_State *L = m->L;
    if (type == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        lua_call(L, push_captures_or_match(m, start, end), 1);
    } else {
        push_capture(m, 0, start, end);
        lua_gettable(L, 3);
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        return false;
    }
    if (!lua_isstring(L, -1)) luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    luaL_addvalue(buffer);
    return true;
}

static int host_gsub(lua_State *L) {
    size_t length, pattern_length;
    const char *subject = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    int type = lua_type(L, 3);
    lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)length + 1);
    bool text = type == LUA_TSTRING || type == LUA_TNUMBER;
    luaL_argexpected(L, text || type == LUA_TTABLE || type == LUA_TFUNCTION, 3, "string/function/table");
    matcher m;
    prepare(&m, L, subject, length, pattern, pattern_length, true);
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    const char *start = subject;
    // The buffer holds what has become of the subject up to here.
    const char *done = subject;
    lua_Integer count = 0;
    bool changed = false;
    for (const char *end; count < most && (end = search(&m, &start)) != NULL; start = end) {
        add_bytes(&m, &buffer, done, (size_t)(start - done));
        done = start;
        if (text ? add_text(&m, &buffer, start, end) : add_value(&m, &buffer, type, start, end)) {
            done = end;
            changed = true;
        }
        count++;
        if (m.anchored) break;
    }
    if (changed) {
        add_bytes(&m, &buffer, done, (size_t)(m.subject_end - done));
        luaL_pushresult(&buffer);
    } else {
        lua_pushvalue(L, 1);
    }
    lua_pushinteger(L, count);
    pay(&m);
    return 2;
}

void patterns_open(lua_State *L) {
    static const luaL_Reg functions[] = {{"find", host_find}, {"match", host_match}, {"gmatch", host_gmatch},
        {"gsub", host_gsub}, {NULL, NULL}};
    lua_getglobal(L, LUA_STRLIBNAME);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
