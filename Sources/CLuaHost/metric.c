#include "host.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// `ailogger.metric`: what a plugin counts, sets and observes. It is kept in C, so that the host can read it between
// calls and after a script was stopped. A metric is made once and lives as long as its state; each set of labels that
// it is used with makes a series. A series is found by a hash over its labels, sorted by name; the one without labels
// is at hand.

enum {
    METRIC_LIMIT = 1000,
    SERIES_LIMIT = 1000,
    SERIES_SLOTS = 2048,
    LABEL_LIMIT = 16,
    LABEL_BYTES = 256,
    HELP_BYTES = 1024,
    BOUND_LIMIT = 50,
    NUMBER_BYTES = 32
};

static const char *const kind_names[] = {"counter", "gauge", "histogram"};

typedef struct metric_series metric_series;

typedef struct {
    ailua_metric_kind kind;
    ailua_text name;
    ailua_text help;
    /// The series without labels, once there is one.
    metric_series *plain;
    size_t size;
    size_t bound_count;
    /// Behind these lie the name, ended by 0, and the help.
    double bounds[];
} metric;

struct metric_series {
    metric *of;
    uint64_t hash;
    double sum;
    /// What rounding took from `sum`.
    double rest;
    int64_t time;
    uint64_t count;
    uint64_t *buckets;
    size_t size;
    size_t label_count;
    /// Behind these lie the buckets and the labels' bytes.
    ailua_label labels[];
};

struct host_metrics {
    host_heap *heap;
    metric *metrics[METRIC_LIMIT];
    metric_series *series[SERIES_LIMIT];
    /// By hash: an index into `series` plus 1.
    uint16_t slots[SERIES_SLOTS];
    size_t metric_count;
    size_t series_count;
    uint64_t dropped;
};

// MARK: Memory

/// Memory of the state, which its limit holds for; all zero.
static void *take(lua_State *L, ailua_state *host, size_t size) {
    void *block = heap_allocate(&host->heap, NULL, 0, size);
    if (block == NULL) {
        lua_gc(L, LUA_GCCOLLECT);
        block = heap_allocate(&host->heap, NULL, 0, size);
    }
    if (block == NULL) limits_kill(L, host, KILL_MEMORY);
    return memset(block, 0, size);
}

/// Copies the text to `*end`, which moves on.
static ailua_text place(char **end, ailua_text text) {
    ailua_text copy = {(const uint8_t *)*end, text.length};
    if (text.length > 0) memcpy(*end, text.bytes, text.length);
    *end += text.length;
    return copy;
}

static void clear(host_metrics *metrics) {
    for (size_t i = 0; i < metrics->series_count; i++) {
        metric_series *series = metrics->series[i];
        heap_allocate(metrics->heap, series, series->size, 0);
    }
    for (size_t i = 0; i < metrics->metric_count; i++) metrics->metrics[i]->plain = NULL;
    memset(metrics->slots, 0, sizeof metrics->slots);
    metrics->series_count = 0;
    metrics->dropped = 0;
}

void metrics_free(host_metrics *metrics) {
    if (metrics == NULL) return;
    clear(metrics);
    for (size_t i = 0; i < metrics->metric_count; i++) {
        heap_allocate(metrics->heap, metrics->metrics[i], metrics->metrics[i]->size, 0);
    }
    heap_allocate(metrics->heap, metrics, sizeof *metrics, 0);
}

// MARK: Names

static ailua_text text_at(lua_State *L, int index) {
    ailua_text text = {NULL, 0};
    text.bytes = (const uint8_t *)lua_tolstring(L, index, &text.length);
    return text;
}

static int compare(ailua_text a, ailua_text b) {
    int order = memcmp(a.bytes, b.bytes, a.length < b.length ? a.length : b.length);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static bool same(ailua_text a, ailua_text b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

/// Prometheus' rule for the names of metrics and, without the colon, of labels.
static bool is_name(ailua_text name, bool colon) {
    for (size_t i = 0; i < name.length; i++) {
        uint8_t byte = name.bytes[i];
        uint8_t lower = byte | 0x20;
        bool letter = (lower >= 'a' && lower <= 'z') || byte == '_' || (colon && byte == ':');
        if (!letter && (i == 0 || byte < '0' || byte > '9')) return false;
    }
    return name.length > 0 && name.length <= LABEL_BYTES;
}

// MARK: Labels

/// The labels of one call, in the order of their names. They point into Lua's strings, and into `numbers`.
typedef struct {
    size_t count;
    uint64_t hash;
    ailua_label labels[LABEL_LIMIT];
    char numbers[LABEL_LIMIT][NUMBER_BYTES];
} label_set;

static int label_error(lua_State *L, const metric *metric, const char *name, const char *problem) {
    return luaL_error(L, "%s \"%s\": label \"%s\" %s", kind_names[metric->kind], metric->name.bytes, name, problem);
}

/// The value on top of the stack as text, without making a string of a number.
static ailua_text label_value(lua_State *L, const metric *metric, char number[NUMBER_BYTES]) {
    int length = 0;
    switch (lua_type(L, -1)) {
    case LUA_TSTRING: return text_at(L, -1);
    case LUA_TBOOLEAN: length = snprintf(number, NUMBER_BYTES, lua_toboolean(L, -1) ? "true" : "false"); break;
    case LUA_TNUMBER:
        length = lua_isinteger(L, -1)
            ? snprintf(number, NUMBER_BYTES, "%lld", (long long)lua_tointeger(L, -1))
            : snprintf(number, NUMBER_BYTES, "%.14g", (double)lua_tonumber(L, -1));
        break;
    default: label_error(L, metric, lua_tostring(L, -2), "must be a string, a number or a boolean");
    }
    return (ailua_text){(const uint8_t *)number, (size_t)length};
}

static uint64_t mix(uint64_t hash, ailua_text text) {
    hash = (hash ^ text.length) * 0x100000001b3;
    for (size_t i = 0; i < text.length; i++) hash = (hash ^ text.bytes[i]) * 0x100000001b3;
    return hash;
}

static void read_labels(lua_State *L, const metric *metric, int index, label_set *set) {
    set->count = 0;
    set->hash = 0xcbf29ce484222325;
    if (lua_type(L, index) != LUA_TTABLE) {
        luaL_error(L, "%s \"%s\": labels are a table of names and values, not a %s", kind_names[metric->kind],
            metric->name.bytes, luaL_typename(L, index));
    }
    size_t bytes = 0;
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING) {
            luaL_error(L, "%s \"%s\": a label's name is a string, not a %s", kind_names[metric->kind],
                metric->name.bytes, luaL_typename(L, -2));
        }
        if (set->count == LABEL_LIMIT) {
            luaL_error(L, "%s \"%s\": more than %d labels", kind_names[metric->kind], metric->name.bytes,
                (int)LABEL_LIMIT);
        }
        ailua_label label = {text_at(L, -2), label_value(L, metric, set->numbers[set->count])};
        bytes += label.name.length + label.value.length;
        size_t at = set->count++;
        for (; at > 0 && compare(set->labels[at - 1].name, label.name) > 0; at--) set->labels[at] = set->labels[at - 1];
        set->labels[at] = label;
    }
    limits_charge(L, host_of(L), 4 + (int64_t)(bytes / 8));
    for (size_t i = 0; i < set->count; i++) {
        set->hash = mix(mix(set->hash, set->labels[i].name), set->labels[i].value);
    }
}

/// What makes a good series is looked at once, when the series is new.
static void check_labels(lua_State *L, const metric *metric, const label_set *set) {
    for (size_t i = 0; i < set->count; i++) {
        ailua_text name = set->labels[i].name;
        const char *text = (const char *)name.bytes;
        if (!is_name(name, false)) label_error(L, metric, text, "is no name: letters, digits and _");
        if (name.length > 1 && memcmp(text, "__", 2) == 0) {
            label_error(L, metric, text, "is no name: two _ at its start are for Prometheus itself");
        }
        if (metric->kind == AILUA_HISTOGRAM && strcmp(text, "le") == 0) {
            label_error(L, metric, text, "is what a histogram's buckets have");
        }
        if (set->labels[i].value.length > LABEL_BYTES) label_error(L, metric, text, "has more than 256 bytes");
    }
}

// MARK: Series

static bool is_series(const metric_series *series, const metric *metric, const label_set *set) {
    if (series->of != metric || series->hash != set->hash || series->label_count != set->count) return false;
    for (size_t i = 0; i < set->count; i++) {
        if (!same(series->labels[i].name, set->labels[i].name)) return false;
        if (!same(series->labels[i].value, set->labels[i].value)) return false;
    }
    return true;
}

static metric_series *make_series(lua_State *L, ailua_state *host, metric *metric, const label_set *set) {
    size_t buckets = metric->kind == AILUA_HISTOGRAM ? metric->bound_count + 1 : 0;
    size_t size = sizeof(metric_series) + set->count * sizeof(ailua_label) + buckets * sizeof(uint64_t);
    size_t end = size;
    for (size_t i = 0; i < set->count; i++) size += set->labels[i].name.length + set->labels[i].value.length;
    metric_series *series = take(L, host, size);
    series->of = metric;
    series->hash = set->hash;
    series->time = INT64_MIN;
    series->size = size;
    series->label_count = set->count;
    series->buckets = (uint64_t *)(series->labels + set->count);
    char *bytes = (char *)series + end;
    for (size_t i = 0; i < set->count; i++) {
        series->labels[i].name = place(&bytes, set->labels[i].name);
        series->labels[i].value = place(&bytes, set->labels[i].value);
    }
    return series;
}

/// The series for the labels at `index`, a new one if need be; null if there are too many.
static metric_series *find_series(lua_State *L, metric *metric, int index) {
    ailua_state *host = host_of(L);
    host_metrics *metrics = host->metrics;
    label_set set;
    if (lua_isnoneornil(L, index)) {
        if (metric->plain != NULL) return metric->plain;
        set.count = 0;
        set.hash = 0;
    } else {
        read_labels(L, metric, index, &set);
        if (set.count == 0 && metric->plain != NULL) return metric->plain;
    }
    // Metrics that have the same labels lie apart.
    set.hash = (set.hash ^ (uintptr_t)metric >> 4) * 0x9E3779B97F4A7C15u;
    size_t slot = set.hash >> 40;
    for (;; slot++) {
        slot %= SERIES_SLOTS;
        uint16_t entry = metrics->slots[slot];
        if (entry == 0) break;
        if (is_series(metrics->series[entry - 1], metric, &set)) return metrics->series[entry - 1];
    }
    check_labels(L, metric, &set);
    if (metrics->series_count == SERIES_LIMIT) {
        metrics->dropped++;
        return NULL;
    }
    metric_series *series = make_series(L, host, metric, &set);
    metrics->series[metrics->series_count++] = series;
    metrics->slots[slot] = (uint16_t)metrics->series_count;
    if (set.count == 0) metric->plain = series;
    return series;
}

// MARK: Values

static bool is_parser(const ailua_state *host) {
    const ailua_value *kind = &host->contract.kind;
    return kind->type == AILUA_STRING && kind->length == 6 && memcmp(kind->bytes, "parser", 6) == 0;
}

typedef struct {
    uint32_t magic;
    metric *metric;
} lua_metric;

/// The metric of a call of `method`, which only those of `kind` have.
static metric *check_metric(lua_State *L, ailua_metric_kind kind, const char *method) {
    static const char *const methods[] = {"add", "set", "observe"};
    const ailua_state *host = host_of(L);
    metric *metric = ((lua_metric *)host_check(L, 1, MAGIC_METRIC, "metric"))->metric;
    if (metric->kind != kind) {
        luaL_error(L, "%s \"%s\": has no %s, only %s", kind_names[metric->kind], metric->name.bytes, method,
            methods[metric->kind]);
    }
    // Before the file has returned its table there is no kind.
    if (host->contract.kind.type == AILUA_NIL) {
        luaL_error(L, "%s \"%s\": %s belongs in a function of the plugin, not in the file around it",
            kind_names[metric->kind], metric->name.bytes, method);
    }
    if (is_parser(host)) {
        luaL_error(L, "metrics belong in a filter, correlator or sink: a parser sees lines more than once");
    }
    return metric;
}

static double check_value(lua_State *L, const metric *metric, const char *method) {
    int is_number = 0;
    double value = lua_tonumberx(L, 2, &is_number);
    if (!is_number) {
        luaL_error(L, "%s \"%s\": %s takes a number, not a %s", kind_names[metric->kind], metric->name.bytes, method,
            luaL_typename(L, 2));
    }
    if (!isfinite(value)) {
        luaL_error(L, "%s \"%s\": %s takes a number that is neither infinite nor NaN", kind_names[metric->kind],
            metric->name.bytes, method);
    }
    return value;
}

/// A sum that keeps what rounding takes from it: it doesn't depend on the order of the values, and so not on how events
/// were shared out among states. The method is Neumaier's.
static void add_to_sum(lua_State *L, metric_series *series, double value) {
    double sum = series->sum + value;
    if (!isfinite(sum)) {
        luaL_error(L, "%s \"%s\": the sum is too large for a number", kind_names[series->of->kind],
            series->of->name.bytes);
    }
    bool larger = fabs(series->sum) >= fabs(value);
    series->rest += larger ? (series->sum - sum) + value : (value - sum) + series->sum;
    series->sum = sum;
}

static int counter_add(lua_State *L) {
    metric *metric = check_metric(L, AILUA_COUNTER, "add");
    double value = lua_isnoneornil(L, 2) ? 1 : check_value(L, metric, "add");
    if (value < 0) luaL_error(L, "counter \"%s\": only goes up, not by %f", metric->name.bytes, value);
    metric_series *series = find_series(L, metric, 3);
    if (series != NULL) add_to_sum(L, series, value);
    return 0;
}

/// The latest by event time counts, as it does where the series of several states are merged.
static int gauge_set(lua_State *L) {
    metric *metric = check_metric(L, AILUA_GAUGE, "set");
    double value = check_value(L, metric, "set");
    metric_series *series = find_series(L, metric, 3);
    int64_t now = host_of(L)->now;
    if (series == NULL || now < series->time) return 0;
    series->sum = value;
    series->time = now;
    return 0;
}

static int histogram_observe(lua_State *L) {
    metric *metric = check_metric(L, AILUA_HISTOGRAM, "observe");
    double value = check_value(L, metric, "observe");
    metric_series *series = find_series(L, metric, 3);
    if (series == NULL) return 0;
    add_to_sum(L, series, value);
    size_t bucket = 0;
    while (bucket < metric->bound_count && value > metric->bounds[bucket]) bucket++;
    series->buckets[bucket]++;
    series->count++;
    return 0;
}

// MARK: Making

typedef struct {
    size_t count;
    double values[BOUND_LIMIT];
} bound_list;

static void read_bounds(lua_State *L, int index, bound_list *bounds) {
    static const bound_list usual = {11, {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}};
    if (lua_isnoneornil(L, index)) {
        *bounds = usual;
        return;
    }
    luaL_checktype(L, index, LUA_TTABLE);
    bounds->count = lua_rawlen(L, index);
    if (bounds->count == 0 || bounds->count > BOUND_LIMIT) {
        luaL_error(L, "metric.histogram: the bounds are a list of 1 to %d numbers", (int)BOUND_LIMIT);
    }
    for (size_t i = 0; i < bounds->count; i++) {
        if (lua_rawgeti(L, index, (lua_Integer)i + 1) != LUA_TNUMBER) {
            luaL_error(L, "metric.histogram: bound %d is a %s, not a number", (int)i + 1, luaL_typename(L, -1));
        }
        double value = bounds->values[i] = lua_tonumber(L, -1);
        lua_pop(L, 1);
        if (!isfinite(value)) luaL_error(L, "metric.histogram: bound %d is infinite or NaN", (int)i + 1);
        if (i > 0 && value <= bounds->values[i - 1]) {
            luaL_error(L, "metric.histogram: the bounds must rise, and %f stands behind %f", value,
                bounds->values[i - 1]);
        }
    }
}

/// Pushes the metric that already has the name at 1; false if there is none. It must be of the same make.
static bool push_known(lua_State *L, ailua_metric_kind kind, const bound_list *bounds) {
    lua_pushvalue(L, 1);
    if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TUSERDATA) return false;
    const metric *metric = ((lua_metric *)lua_touserdata(L, -1))->metric;
    if (metric->kind != kind) {
        luaL_error(L, "metric.%s: \"%s\" is a %s already", kind_names[kind], metric->name.bytes,
            kind_names[metric->kind]);
    }
    bool given = kind == AILUA_HISTOGRAM && !lua_isnoneornil(L, 3);
    if (given && (bounds->count != metric->bound_count
            || memcmp(bounds->values, metric->bounds, bounds->count * sizeof *bounds->values) != 0)) {
        luaL_error(L, "metric.histogram: \"%s\" has other bounds already", metric->name.bytes);
    }
    return true;
}

static int make(lua_State *L, ailua_metric_kind kind) {
    ailua_state *host = host_of(L);
    const char *function = kind_names[kind];
    if (lua_type(L, 1) != LUA_TSTRING) {
        return luaL_error(L, "metric.%s: a name is a string, not a %s", function, luaL_typename(L, 1));
    }
    ailua_text name = text_at(L, 1), help = {NULL, 0};
    if (!lua_isnoneornil(L, 2)) {
        luaL_checktype(L, 2, LUA_TSTRING);
        help = text_at(L, 2);
    }
    bound_list bounds = {0};
    if (kind == AILUA_HISTOGRAM) read_bounds(L, 3, &bounds);
    if (push_known(L, kind, &bounds)) return 1;
    if (!is_name(name, true)) {
        return luaL_error(L, "metric.%s: \"%s\" is no name: letters, digits, _ and :, at most %d", function, name.bytes,
            (int)LABEL_BYTES);
    }
    if (help.length > HELP_BYTES) {
        return luaL_error(L, "metric.%s: \"%s\": the help has more than %d bytes", function, name.bytes,
            (int)HELP_BYTES);
    }
    if (host->metrics == NULL) {
        host->metrics = take(L, host, sizeof *host->metrics);
        host->metrics->heap = &host->heap;
    }
    host_metrics *metrics = host->metrics;
    if (metrics->metric_count == METRIC_LIMIT) {
        return luaL_error(L, "metric.%s: more than %d metrics", function, (int)METRIC_LIMIT);
    }
    size_t bounds_bytes = bounds.count * sizeof *bounds.values;
    size_t size = sizeof(metric) + bounds_bytes + name.length + 1 + help.length;
    metric *made = take(L, host, size);
    metrics->metrics[metrics->metric_count++] = made;
    made->kind = kind;
    made->size = size;
    made->bound_count = bounds.count;
    if (bounds_bytes > 0) memcpy(made->bounds, bounds.values, bounds_bytes);
    char *end = (char *)(made->bounds + bounds.count);
    made->name = place(&end, name);
    end++;
    made->help = place(&end, help);
    lua_metric *pushed = lua_newuserdatauv(L, sizeof *pushed, 0);
    *pushed = (lua_metric){MAGIC_METRIC, made};
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setmetatable(L, -2);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, -2);
    lua_rawset(L, lua_upvalueindex(2));
    return 1;
}

static int make_counter(lua_State *L) { return make(L, AILUA_COUNTER); }
static int make_gauge(lua_State *L) { return make(L, AILUA_GAUGE); }
static int make_histogram(lua_State *L) { return make(L, AILUA_HISTOGRAM); }

// MARK: What the host reads

bool ailua_metrics_next(const ailua_state *state, size_t *cursor, ailua_series *series) {
    const host_metrics *metrics = state->metrics;
    if (metrics == NULL || *cursor >= metrics->series_count) return false;
    const metric_series *found = metrics->series[(*cursor)++];
    const metric *metric = found->of;
    *series = (ailua_series){.name = metric->name,
        .help = metric->help,
        .labels = found->labels,
        .label_count = found->label_count,
        .value = found->sum + found->rest,
        .time = found->time,
        .bounds = metric->bounds,
        .bound_count = metric->bound_count,
        .buckets = found->buckets,
        .count = found->count,
        .kind = (uint8_t)metric->kind};
    return true;
}

uint64_t ailua_metrics_dropped(const ailua_state *state) {
    return state->metrics == NULL ? 0 : state->metrics->dropped;
}

void ailua_metrics_clear(ailua_state *state) {
    if (state->metrics != NULL) clear(state->metrics);
}

// MARK: Opening

void metric_open(lua_State *L) {
    static const luaL_Reg methods[] = {
        {"add", counter_add}, {"set", gauge_set}, {"observe", histogram_observe}, {NULL, NULL}};
    static const luaL_Reg functions[] = {
        {"counter", make_counter}, {"gauge", make_gauge}, {"histogram", make_histogram}, {NULL, NULL}};
    luaL_newlibtable(L, functions);
    lua_createtable(L, 0, 3);
    luaL_newlib(L, methods);
    host_refuse_missing(L, "a metric");
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "metric");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    // Metrics by name.
    lua_newtable(L);
    luaL_setfuncs(L, functions, 2);
    lua_setfield(L, -2, "metric");
}
