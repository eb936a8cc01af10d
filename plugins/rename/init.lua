--- Gives fields other names. As it comes, those that programs and collectors use get the names of docs/fields.md, so
--- that rules and correlators know them.

local M = {
  name = "rename",
  kind = "filter",
  api = 1,
  description = "renames fields",
  config = {
    -- "old=new". A name that the event has already is never overwritten: the old one stays then. Of several for one
    -- new name the first that is there counts. "old=" takes the field away.
    fields = {
      "clientip=client", "client_ip=client", "remote_addr=client", "remote_ip=client", "client.address=client",
      "source.ip=client", "user.name=user", "username=user", "remote_user=user", "http.request.method=method",
      "request_method=method", "verb=method", "url.original=path", "request_uri=path", "uri=path",
      "http.response.status_code=status", "status_code=status", "http_status=status", "statusCode=status",
      "http.response.size=bytes", "body_bytes_sent=bytes", "bytes_sent=bytes", "user_agent.original=agent",
      "user_agent=agent", "http_user_agent=agent", "userAgent=agent", "http_referer=referer", "referrer=referer",
      "hostname=host", "host.name=host", "process.pid=pid", "thread_name=thread", "db.namespace=database",
    },
  },
}

local by_old

local function start()
  local map = {}
  for rank, entry in ipairs(M.config.fields) do
    local old, new = entry:match("^([^=]+)=(.*)$")
    if not old then error(('config.fields: write "old=new", not "%s"'):format(entry), 0) end
    map[old] = { rank = rank, old = old, new = new }
  end
  by_old = map
end

local function is_before(a, b) return a.rank < b.rank end

function M.process(event)
  if not by_old then start() end
  local fields = event.fields
  -- An event has few fields, the list many names: it is the event's that are gone through.
  local found
  for name in pairs(fields) do
    local rule = by_old[name]
    if rule then
      found = found or {}
      found[#found + 1] = rule
    end
  end
  if not found then return end
  table.sort(found, is_before)
  for _, rule in ipairs(found) do
    if rule.new == "" then
      fields[rule.old] = nil
    elseif fields[rule.new] == nil then
      fields[rule.new] = fields[rule.old]
      fields[rule.old] = nil
    end
  end
end

local null = ailogger.null

M.samples = {
  {
    event = { message = "GET /", fields = { remote_addr = "192.0.2.1", status_code = 200, user_agent = "curl/8" } },
    expect = { fields = { client = "192.0.2.1", status = 200, agent = "curl/8", remote_addr = null,
      status_code = null } },
  },
  {
    event = { message = "m", fields = { hostname = "a", host = "b" } },
    expect = { fields = { hostname = "a", host = "b" } },
  },
  {
    event = { message = "m", fields = { uri = "/a", request_uri = "/b" } },
    expect = { fields = { path = "/b", uri = "/a", request_uri = null } },
  },
  {
    event = { message = "m", fields = { ["process.pid"] = 7, tags = { "x" } } },
    expect = { fields = { pid = 7, tags = { "x" } } },
  },
  { event = { message = "m", fields = { status = 404 } }, expect = { fields = { status = 404 } } },
}

return M
