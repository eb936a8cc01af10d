--- Slow log of Elasticsearch and OpenSearch, of searches and of indexing, as plain text; the JSON of later versions
--- is read as JSON.
--- The lines: https://www.elastic.co/guide/en/elasticsearch/reference/7.17/index-modules-slowlog.html

local M = {
  name = "elasticsearch_slow",
  kind = "parser",
  api = 1,
  description = "Elasticsearch and OpenSearch slow logs",
  multiline = true,
  match = [=[^\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d,\d{3}\]\[[A-Z]+ *\]\[(?:index\.(?:search|indexing)\.slowlog|i\.(?:s|i)\.s)]=] ..
    [=[[^\]]*\] ?\[[^\]]+\] ?\[[^\]]+\](?:\[\d+\])? took\[]=],
}

local entry = ailogger.regex(
  [=[^\[(?<time>[^\]]++)\]\[(?<level>[A-Z]++) *+\]\[(?<component>[^ \]]++) *+\] ?\[(?<node>[^\]]++)\] ?]=] ..
  [=[\[(?<index>[^\]/]++)(?:/[^\]]++)?\](?:\[(?<shard>\d++)\])? ]=] ..
  [=[(?<message>took\[[^\]]*+\], took_millis\[(?<millis>\d++)\](?:, total_hits\[(?<hits>\d++)[^\]]*+\])?.*)]=])

-- Neither mixes well with a query in brackets of its own.
local id = ailogger.regex([=[^took.{0,200}?, id\[(?<id>[^\]]++)\]]=])
local query = ailogger.regex([=[, source\[(?<query>\{.*\})\](?:, id\[[^\]]*+\])?,? *$]=])

function M.parse(line, event)
  local time, level, component, node, index, shard, message, millis, hits = entry:captures(line)
  if not time then return false end
  local fields = event.fields
  event.time = time
  event.level = level
  event.component = component
  event.message = message
  fields.host = node
  fields.index = index
  fields.shard = tonumber(shard)
  fields.duration = tonumber(millis) / 1000
  fields.hits = tonumber(hits)
  fields.document = id:captures(message)
  fields.query = query:captures(message)
end

M.samples = {
  {
    line = '[2026-11-20T03:52:33,020][WARN ][index.search.slowlog.query] [es1] [orders-2026.11.20][0] took[2.1s], took_millis[2104], total_hits[88112 hits], types[], stats[], search_type[QUERY_THEN_FETCH], total_shards[1], source[{"size":20,"query":{"match":{"title":"kettle"}}}], id[], ',
    expect = {
      level = "WARNING", component = "index.search.slowlog.query", time = "2026-11-20T03:52:33.020Z",
      fields = { host = "es1", index = "orders-2026.11.20", shard = 0, duration = 2.104, hits = 88112, query = '{"size":20,"query":{"match":{"title":"kettle"}}}' },
    },
  },
  {
    line = '[2026-11-20T03:52:34,118][INFO ][index.indexing.slowlog.index] [es1] [orders-2026.11.20/VLKxBLvUSYuIMKzpacGjRg] took[412ms], took_millis[412], type[_doc], id[88112], routing[], source[{"placed":"2026-11-20"}]',
    expect = { level = "INFO", fields = { index = "orders-2026.11.20", duration = 0.412, document = "88112" } },
  },
  {
    line = '[2026-11-20T03:52:35,000][WARN ][i.s.s.fetch              ] [es1] [orders][3] took[10.8ms], took_millis[10], total_hits[1 hits], types[], stats[], search_type[QUERY_THEN_FETCH], total_shards[5], source[{}]',
    expect = { component = "i.s.s.fetch", fields = { shard = 3, duration = 0.01 } },
  },
  { line = "[2026-11-20T03:52:30,664][WARN ][o.e.m.j.JvmGcMonitorService] [es1] [gc][17542] overhead", expect = false },
}

return M
