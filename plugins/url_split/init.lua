--- Takes URLs apart: what was asked for without the query, which tells one visitor's request from another's.

local M = {
  name = "url_split",
  kind = "filter",
  api = 1,
  description = "adds path, query, host and scheme of a URL as fields",
  config = {
    -- The first of these that the event has; `path` is what access logs call what was asked for.
    fields = { "url", "path" },
    -- Whether the query is kept as a whole.
    query = true,
    -- Parameters of the query that get a field `query_NAME` each.
    parameters = {},
  },
}

function M.process(event)
  local fields = event.fields
  local config = M.config
  local text
  for _, name in ipairs(config.fields) do
    text = fields[name]
    if type(text) == "string" then break end
  end
  if type(text) ~= "string" then return end
  local query
  if text:find("^/[^/]") then
    -- Mostly a path and a query, which needs no more than a look.
    local path
    path, query = text:match("^([^?#]*)%??([^#]*)")
    fields.url_path = path
  else
    local url = ailogger.url.parse(text)
    if not url then return end
    fields.url_scheme = url.scheme
    fields.url_host = url.host
    fields.url_port = url.port
    fields.url_path = url.path or url.host and "/" or nil
    query = url.query or ""
  end
  if query == "" then return end
  if config.query then fields.url_query = query end
  if #config.parameters == 0 then return end
  local values = ailogger.url.query("?" .. query)
  for _, name in ipairs(config.parameters) do fields["query_" .. name] = values[name] end
end

local null = ailogger.null

M.samples = {
  {
    event = { message = "GET", fields = { path = "/search?q=lua&page=2#top" } },
    expect = { fields = { path = "/search?q=lua&page=2#top", url_path = "/search", url_query = "q=lua&page=2",
      url_host = null } },
  },
  {
    event = { message = "GET", fields = { path = "/x", url = "https://user@Example.COM:8443/a/b?c" } },
    expect = {
      fields = { url_scheme = "https", url_host = "example.com", url_port = 8443, url_path = "/a/b", url_query = "c" },
    },
  },
  {
    event = { message = "GET", fields = { url = "http://example.com" } },
    expect = { fields = { url_host = "example.com", url_path = "/" } },
  },
  {
    event = { message = "GET", fields = { path = "/static/app.js" } },
    expect = { fields = { url_path = "/static/app.js", url_query = null } },
  },
  { event = { message = "GET", fields = { path = "/" } }, expect = { fields = { url_path = "/", url_query = null } } },
  {
    event = { message = "GET", fields = { path = "/a#b?c" } },
    expect = { fields = { url_path = "/a", url_query = null } },
  },
  { event = { message = "OPTIONS", fields = { path = "*" } }, expect = { fields = { url_path = null } } },
  { event = { message = "no request", fields = { status = 200 } }, expect = { fields = { url_path = null } } },
}

return M
