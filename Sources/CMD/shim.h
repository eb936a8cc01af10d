// Digests: MD5, SHA-1, SHA-2.
#include <md5.h>
#include <sha1.h>
#include <sha2.h>
