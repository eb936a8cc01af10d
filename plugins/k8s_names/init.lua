--- Names of Kubernetes' objects, from the paths in which the kubelet keeps the logs:
---   /var/log/pods/NAMESPACE_POD_UID/CONTAINER/RESTARTS.log
---   /var/log/containers/POD_NAMESPACE_CONTAINER-ID.log
--- They are looked for in the event's source and in the fields in which collectors write the path.

local M = {
  name = "k8s_names",
  kind = "filter",
  api = 1,
  description = "namespace, pod, container and workload from the paths of Kubernetes' logs",
  config = {
    fields = { "file", "filename", "log.file.path" },
    -- An event without a component gets the container's name as one.
    component = true,
  },
}

local in_pods = ailogger.regex(
  [[(?:^|/)pods/(?<namespace>[a-z0-9-]+)_(?<pod>[a-z0-9.-]+)_(?<uid>[0-9a-f-]{32,36})]] ..
  [[/(?<container>[a-z0-9-]+)/(?<restarts>\d+)\.log]])
local in_containers = ailogger.regex(
  [[(?:^|/)containers/(?<pod>[a-z0-9.-]+)_(?<namespace>[a-z0-9-]+)_(?<container>[a-z0-9-]+)-[0-9a-f]{64}\.log]])

-- What controllers put behind a name: a ReplicaSet's hash, a pod's own five letters, a StatefulSet's or Job's number.
-- The letters are those of the hashes: neither vowels nor what looks like one.
local replica = ailogger.regex([[^(.+)-[bcdf-hj-np-tv-xz2456789]{1,10}-[bcdf-hj-np-tv-xz2456789]{5}$]])
local single = ailogger.regex([[^(.+)-(?:[bcdf-hj-np-tv-xz2456789]{5}|\d+)$]])

local function workload(pod) return replica:captures(pod) or single:captures(pod) or pod end

-- By path; a source is the same for all its events. False for a path that is none of these.
local known = ailogger.cache { size = 2000 }

local function look_at(path)
  local found = in_pods:named(path) or in_containers:named(path)
  if not found then return false end
  found.workload = workload(found.pod)
  found.restarts = found.restarts and math.tointeger(found.restarts)
  return found
end

local last_source, of_last_source

local function names_in(path)
  if type(path) ~= "string" then return nil end
  local found = known:get(path)
  if found == nil then
    found = look_at(path)
    known:set(path, found)
  end
  return found
end

function M.process(event)
  local fields = event.fields
  local source = event.source
  if source ~= last_source then last_source, of_last_source = source, names_in(source) end
  local found = of_last_source
  if not found then
    for _, name in ipairs(M.config.fields) do
      found = names_in(fields[name])
      if found then break end
    end
    if not found then return end
  end
  fields.namespace = found.namespace
  fields.pod = found.pod
  fields.container = found.container
  fields.workload = found.workload
  if found.uid then fields.pod_uid = found.uid end
  if found.restarts then fields.restarts = found.restarts end
  if M.config.component and not event.component then event.component = found.container end
end

local null = ailogger.null
local id = ("0123456789abcdef"):rep(4)

M.samples = {
  {
    event = { message = "up",
      source = "/var/log/pods/shop_web-6d4b75cb6d-h8x2k_2c1f7f8e-0c8e-4f0a-9a52-6f9d8f2f1c11/nginx/3.log" },
    expect = {
      component = "nginx",
      fields = {
        namespace = "shop", pod = "web-6d4b75cb6d-h8x2k", container = "nginx", workload = "web", restarts = 3,
        pod_uid = "2c1f7f8e-0c8e-4f0a-9a52-6f9d8f2f1c11",
      },
    },
  },
  {
    event = { message = "up", source = "/var/log/containers/postgres-0_db_postgres-" .. id .. ".log",
      component = "pg" },
    expect = {
      component = "pg",
      fields = { namespace = "db", pod = "postgres-0", container = "postgres", workload = "postgres", restarts = null },
    },
  },
  {
    event = {
      message = "up", source = "-",
      fields = { filename = "/var/log/containers/fluentd-x7k2p_kube-system_fluentd-" .. id .. ".log" },
    },
    expect = { fields = { namespace = "kube-system", pod = "fluentd-x7k2p", workload = "fluentd" } },
  },
  { event = { message = "up", source = "/var/log/syslog" }, expect = { fields = { pod = null, namespace = null } } },
}

return M
