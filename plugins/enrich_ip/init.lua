--- Says of addresses what can be said without a database: whether they are private, and which network they are of.
---
--- `client` gets `client_class` (private, shared, loopback, link_local, multicast, documentation, reserved or public)
--- and `client_network` (192.0.2.0/24, 2001:db8:1::/48): enough to group visitors by, and to see who is from inside.

local M = {
  name = "enrich_ip",
  kind = "filter",
  api = 1,
  description = "adds class and network of the client's address",
  config = {
    -- Fields that hold an address.
    fields = { "client" },
    v4_bits = 24,
    v6_bits = 48,
  },
}

-- The same few addresses come again and again. False for a text that is no address.
local known = ailogger.cache { size = 5000 }
local names

local classes = { "loopback", "private", "link_local", "multicast", "documentation" }
-- Behind a carrier's NAT, and what nobody has.
local shared = ailogger.ip.set { "100.64.0.0/10" }
local reserved = ailogger.ip.set { "0.0.0.0/8", "240.0.0.0/4", "::/128" }

local function start()
  names = {}
  for i, name in ipairs(M.config.fields) do
    names[i] = { name = name, class = name .. "_class", network = name .. "_network" }
  end
end

local function look_at(text)
  local address = ailogger.ip.parse(text)
  if not address then return false end
  local class = shared:contains(text) and "shared" or reserved:contains(text) and "reserved" or "public"
  for _, name in ipairs(classes) do
    if address[name] then
      class = name
      break
    end
  end
  local bits = address.version == 4 and M.config.v4_bits or M.config.v6_bits
  return { class = class, network = ailogger.ip.network(text, bits) }
end

function M.process(event)
  if not names then start() end
  local fields = event.fields
  for i = 1, #names do
    local name = names[i]
    local text = fields[name.name]
    if type(text) == "string" then
      local found = known:get(text)
      if found == nil then
        found = look_at(text)
        known:set(text, found)
      end
      if found then
        fields[name.class] = found.class
        fields[name.network] = found.network
      end
    end
  end
end

M.samples = {
  {
    event = { message = "GET /", fields = { client = "10.1.2.3" } },
    expect = { fields = { client = "10.1.2.3", client_class = "private", client_network = "10.1.2.0/24" } },
  },
  {
    event = { message = "GET /", fields = { client = "8.8.4.4" } },
    expect = { fields = { client_class = "public", client_network = "8.8.4.0/24" } },
  },
  {
    event = { message = "GET /", fields = { client = "2001:db8:1:2::7" } },
    expect = { fields = { client_class = "documentation", client_network = "2001:db8:1::/48" } },
  },
  {
    event = { message = "GET /", fields = { client = "100.100.1.1" } },
    expect = { fields = { client_class = "shared" } },
  },
  { event = { message = "GET /", fields = { client = "::1" } }, expect = { fields = { client_class = "loopback" } } },
  {
    event = { message = "GET /", fields = { client = "proxy.example.com" } },
    expect = { fields = { client = "proxy.example.com", client_class = ailogger.null,
      client_network = ailogger.null } },
  },
  { event = { message = "no client" }, expect = { fields = { client_class = ailogger.null } } },
}

return M
