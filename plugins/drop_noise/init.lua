--- Drops what only says that all is well: health checks, probes, scrapes, favicons. A check that fails is kept: an
--- event at least as grave as a warning, or with a status of 400 or more, is never dropped.

local M = {
  name = "drop_noise",
  kind = "filter",
  api = 1,
  description = "drops health checks, probes, scrapes and favicons that went well",
  config = {
    -- What was asked for, without the query and a slash at the end.
    paths = {
      "/health", "/healthz", "/healthcheck", "/health-check", "/health/live", "/health/ready", "/livez", "/readyz",
      "/ready", "/alive", "/ping", "/metrics", "/-/healthy", "/-/ready", "/actuator/health",
      "/actuator/health/liveness", "/actuator/health/readiness", "/actuator/prometheus", "/server-status",
      "/nginx_status", "/favicon.ico", "/robots.txt", "/apple-touch-icon.png",
    },
    -- How the user agent begins.
    agents = { "kube-probe/", "GoogleHC/", "ELB-HealthChecker/", "Prometheus/", "Blackbox Exporter/",
      "Consul Health Check" },
    -- What the message holds, for lines whose format has no such fields.
    messages = { "kube-probe/", "ELB-HealthChecker/", "GoogleHC/" },
  },
}

local find, sub = string.find, string.sub
local warning = ailogger.severity.warning
local paths, agents, messages

local function start()
  paths = {}
  for _, path in ipairs(M.config.paths) do paths[path] = true end
  agents, messages = M.config.agents, M.config.messages
end

local function is_noise(event, fields)
  local path = fields.path
  if type(path) == "string" then
    local query = find(path, "?", 1, true)
    if query then path = sub(path, 1, query - 1) end
    if #path > 1 and sub(path, -1) == "/" then path = sub(path, 1, -2) end
    if paths[path] then return true end
  end
  local agent = fields.agent
  if type(agent) == "string" then
    for i = 1, #agents do
      if sub(agent, 1, #agents[i]) == agents[i] then return true end
    end
    return false
  end
  if path then return false end
  local message = event.message
  for i = 1, #messages do
    if find(message, messages[i], 1, true) then return true end
  end
  return false
end

function M.process(event)
  if event.severity >= warning then return end
  if not paths then start() end
  local fields = event.fields
  if not is_noise(event, fields) then return end
  local status = fields.status
  if math.type(status) and status >= 400 then return end
  return false
end

M.samples = {
  { event = { message = "GET /healthz HTTP/1.1", fields = { path = "/healthz", status = 200 } }, expect = false },
  {
    event = { message = "GET /health/?full=1 HTTP/1.1", fields = { path = "/health/?full=1", status = 200 } },
    expect = false,
  },
  {
    event = { message = "GET / HTTP/1.1", fields = { path = "/", agent = "kube-probe/1.29", status = 200 } },
    expect = false,
  },
  { event = { message = '10.0.0.1 - "GET / HTTP/1.1" 200 "ELB-HealthChecker/2.0"' }, expect = false },
  -- A check that fails is what one wants to know.
  {
    event = { message = "GET /healthz HTTP/1.1", level = "error", fields = { path = "/healthz", status = 503 } },
    expect = { fields = { status = 503 } },
  },
  {
    event = { message = "GET /healthz HTTP/1.1", fields = { path = "/healthz", status = 503 } },
    expect = { fields = { status = 503 } },
  },
  {
    event = { message = "GET /healthzone HTTP/1.1", fields = { path = "/healthzone", status = 200 } },
    expect = { fields = { path = "/healthzone" } },
  },
  { event = { message = "order 7 shipped", level = "info" }, expect = { message = "order 7 shipped" } },
}

return M
