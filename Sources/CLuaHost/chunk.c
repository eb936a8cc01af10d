#define _GNU_SOURCE
#include "host.h"

#include <string.h>

// Text that becomes code. Lua's compiler runs in C, where no hook goes off, and not in linear time: `a and b and c …` and
// `elseif` walk a list of jumps for each one that joins it. So it gets the text in pieces, and the time is looked at between them.

enum {
    PIECE_BYTES = 64,
    /// Where a block ends, each `break` and `goto` in it leaves a list whose rest moves up, all of them within one piece: so
    /// many take 10 ms, and 32,767, where Lua itself says no, 700.
    JUMPS = 4096
};

typedef struct {
    const char *at;
    const char *end;
} reader;

static const char *next_piece(lua_State *L, void *context, size_t *size) {
    reader *text = context;
    const char *piece = text->at;
    size_t rest = (size_t)(text->end - piece);
    *size = rest < PIECE_BYTES ? rest : PIECE_BYTES;
    text->at += *size;
    limits_charge(L, host_of(L), (int64_t)*size);
    limits_clock(L, host_of(L));
    return piece;
}

static size_t count_word(const char *text, size_t length, const char *word) {
    size_t count = 0, size = strlen(word);
    const char *end = text + length;
    while ((text = memmem(text, (size_t)(end - text), word, size)) != NULL) {
        count++;
        text += size;
    }
    return count;
}

int chunk_load(lua_State *L, const char *text, size_t length, const char *name) {
    if (count_word(text, length, "break") + count_word(text, length, "goto") > JUMPS) {
        lua_pushfstring(L, "more than %d of break and goto in one text", (int)JUMPS);
        return LUA_ERRSYNTAX;
    }
    reader from = {text, text + length};
    return lua_load(L, next_piece, &from, name, "t");
}

int chunk_load_file(lua_State *L, const char *text, size_t length, const char *name) {
    // As Lua's own reader of files does: a mark of UTF-8 and a first line for the shell are no code. Its end stays, for the
    // numbers of the lines behind it.
    const char *end = text + length;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) text += 3;
    if (text < end && *text == '#') {
        const char *line = memchr(text, '\n', (size_t)(end - text));
        text = line != NULL ? line : end;
    }
    return chunk_load(L, text, (size_t)(end - text), name);
}
