#include "host.h"

#include <md5.h>
#include <sha1.h>
#include <sha2.h>
#include <string.h>
#include <zlib.h>

// `ailogger.hash`: digests as hex text from libmd, checksums as integers.

enum { HEX_BYTES = SHA512_DIGEST_STRING_LENGTH };

static const struct {
    const char *name;
    char *(*hex)(const uint8_t *bytes, size_t length, char *hex);
} digests[] = {{"md5", MD5Data}, {"sha1", SHA1Data}, {"sha256", SHA256Data}, {"sha512", SHA512Data}};

static const uint8_t *check_bytes(lua_State *L, int index, size_t *length) {
    const char *bytes = luaL_checklstring(L, index, length);
    limits_charge(L, host_of(L), 20 + (int64_t)(*length / 8));
    return (const uint8_t *)bytes;
}

/// Upvalue 1 says which one.
static int hash_digest(lua_State *L) {
    size_t length;
    const uint8_t *bytes = check_bytes(L, 1, &length);
    char hex[HEX_BYTES];
    lua_pushstring(L, digests[lua_tointeger(L, lua_upvalueindex(1))].hex(bytes, length, hex));
    return 1;
}

/// One of HMAC's two rounds, with the key padded to a block: RFC 2104.
static void hmac_begin(SHA2_CTX *context, const uint8_t key[SHA256_BLOCK_LENGTH], uint8_t pad) {
    uint8_t block[SHA256_BLOCK_LENGTH];
    for (size_t i = 0; i < sizeof block; i++) block[i] = key[i] ^ pad;
    SHA256Init(context);
    SHA256Update(context, block, sizeof block);
}

static int hash_hmac_sha256(lua_State *L) {
    size_t key_length, length;
    const uint8_t *given = check_bytes(L, 1, &key_length);
    const uint8_t *bytes = check_bytes(L, 2, &length);
    SHA2_CTX context;
    uint8_t key[SHA256_BLOCK_LENGTH] = {0}, digest[SHA256_DIGEST_LENGTH];
    if (key_length > sizeof key) {
        SHA256Init(&context);
        SHA256Update(&context, given, key_length);
        SHA256Final(key, &context);
    } else {
        memcpy(key, given, key_length);
    }
    hmac_begin(&context, key, 0x36);
    SHA256Update(&context, bytes, length);
    SHA256Final(digest, &context);
    hmac_begin(&context, key, 0x5c);
    SHA256Update(&context, digest, sizeof digest);
    char hex[HEX_BYTES];
    lua_pushstring(L, SHA256End(&context, hex));
    return 1;
}

static int hash_crc32(lua_State *L) {
    size_t length;
    const uint8_t *bytes = check_bytes(L, 1, &length);
    lua_pushinteger(L, (lua_Integer)crc32_z(0, bytes, length));
    return 1;
}

/// FNV-1a over 64 bits, as the engine makes its ids.
static int hash_fnv1a(lua_State *L) {
    size_t length;
    const uint8_t *bytes = check_bytes(L, 1, &length);
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < length; i++) hash = (hash ^ bytes[i]) * 0x100000001b3;
    lua_pushinteger(L, (lua_Integer)hash);
    return 1;
}

void hash_open(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"hmac_sha256", hash_hmac_sha256}, {"crc32", hash_crc32}, {"fnv1a", hash_fnv1a}, {NULL, NULL}};
    luaL_newlib(L, functions);
    for (size_t i = 0; i < sizeof digests / sizeof *digests; i++) {
        lua_pushinteger(L, (lua_Integer)i);
        lua_pushcclosure(L, hash_digest, 1);
        lua_setfield(L, -2, digests[i].name);
    }
    lua_setfield(L, -2, "hash");
}
