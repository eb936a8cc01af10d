--- Names the program behind a user agent: which browser, on which system, or that it is a bot or a tool.
---
--- By plain rules, in which the order matters: nearly everything calls itself Mozilla, Edge calls itself Chrome, and
--- Chrome calls itself Safari. What a bot says of itself may be a lie; nothing here proves it.

local M = {
  name = "user_agent",
  kind = "filter",
  api = 1,
  description = "adds kind, family and operating system of the user agent",
}

-- Looked for as plain texts in small letters; the first that fits names the family.
local tools = {
  { "kube-probe", "kube-probe" }, { "googlehc", "GoogleHC" }, { "elb-healthchecker", "ELB-HealthChecker" },
  { "prometheus", "Prometheus" }, { "blackbox", "Blackbox exporter" }, { "curl/", "curl" }, { "wget/", "Wget" },
  { "python-requests", "python-requests" }, { "python-urllib", "python-urllib" }, { "aiohttp", "aiohttp" },
  { "python-httpx", "httpx" }, { "go-http-client", "Go-http-client" }, { "okhttp", "okhttp" },
  { "apache-httpclient", "Apache-HttpClient" }, { "java/", "Java" }, { "axios/", "axios" },
  { "node-fetch", "node-fetch" },
  { "undici", "undici" }, { "postmanruntime", "Postman" }, { "insomnia/", "Insomnia" },
  { "libwww-perl", "libwww-perl" },
  { "guzzlehttp", "Guzzle" }, { "ruby", "Ruby" }, { "faraday", "Faraday" }, { "apachebench", "ApacheBench" },
  { "masscan", "masscan" }, { "nmap", "Nmap" }, { "nikto", "Nikto" }, { "sqlmap", "sqlmap" }, { "zgrab", "zgrab" },
  { "git/", "git" }, { "docker/", "Docker" }, { "containerd/", "containerd" }, { "grpc-", "gRPC" },
}
local bots = {
  { "googlebot", "Googlebot" }, { "adsbot-google", "AdsBot-Google" }, { "bingbot", "bingbot" },
  { "yandexbot", "YandexBot" },
  { "baiduspider", "Baiduspider" }, { "duckduckbot", "DuckDuckBot" }, { "applebot", "Applebot" },
  { "gptbot", "GPTBot" },
  { "claudebot", "ClaudeBot" }, { "ccbot", "CCBot" }, { "bytespider", "Bytespider" }, { "ahrefsbot", "AhrefsBot" },
  { "semrushbot", "SemrushBot" }, { "mj12bot", "MJ12bot" }, { "petalbot", "PetalBot" }, { "dotbot", "DotBot" },
  { "facebookexternalhit", "facebookexternalhit" }, { "meta-externalagent", "meta-externalagent" },
  { "twitterbot", "Twitterbot" }, { "linkedinbot", "LinkedInBot" }, { "slackbot", "Slackbot" },
  { "telegrambot", "TelegramBot" }, { "discordbot", "Discordbot" }, { "uptimerobot", "UptimeRobot" },
  { "pingdom", "Pingdom" },
  { "slurp", "Yahoo! Slurp" },
}
local browsers = {
  { "edg/", "Edge" }, { "edga/", "Edge" }, { "edgios/", "Edge" }, { "edge/", "Edge" }, { "opr/", "Opera" },
  { "opera", "Opera" }, { "vivaldi/", "Vivaldi" }, { "yabrowser/", "Yandex Browser" },
  { "samsungbrowser/", "Samsung Internet" }, { "fxios/", "Firefox" }, { "firefox/", "Firefox" }, { "crios/", "Chrome" },
  { "headlesschrome/", "Headless Chrome" }, { "chromium/", "Chromium" }, { "chrome/", "Chrome" },
  { "trident/", "Internet Explorer" }, { "msie ", "Internet Explorer" }, { "applewebkit/", "Safari" },
}
local systems = {
  { "windows", "Windows" }, { "android", "Android" }, { "iphone", "iOS" }, { "ipad", "iOS" }, { "ipod", "iOS" },
  { "cros ", "ChromeOS" }, { "mac os x", "macOS" }, { "macintosh", "macOS" }, { "linux", "Linux" },
  { "freebsd", "FreeBSD" },
}

local function first_of(list, text)
  for i = 1, #list do
    if text:find(list[i][1], 1, true) then return list[i][2] end
  end
end

local function look_at(agent)
  local text = agent:lower()
  local system = first_of(systems, text)
  local family = first_of(bots, text)
  if family then return { kind = "bot", family = family, os = system } end
  family = first_of(tools, text)
  if family then return { kind = "tool", family = family, os = system } end
  -- One that is not in the list, by the name that it gives itself. Cubot makes telephones.
  local is_bot = text:find("bot%f[%A]") and not text:find("cubot", 1, true)
  if is_bot or text:find("crawler", 1, true) or text:find("spider", 1, true) then
    local name = agent:match("([%w._-]*[Bb][Oo][Tt])%f[%A]") or agent:match("([%w._-]*[Cc]rawler)")
      or agent:match("([%w._-]*[Ss]pider)")
    return { kind = "bot", family = name, os = system }
  end
  family = text:find("mozilla/", 1, true) and first_of(browsers, text) or text:find("^opera") and "Opera"
  if family then return { kind = "browser", family = family, os = system } end
  return { kind = "other", family = agent:match("^[%w._-]+"), os = system }
end

local known = ailogger.cache { size = 2000 }

function M.process(event)
  local fields = event.fields
  local agent = fields.agent
  if type(agent) ~= "string" or agent == "" then return end
  local found = known:get(agent)
  if not found then
    found = look_at(agent)
    known:set(agent, found)
  end
  fields.agent_kind = found.kind
  fields.agent_family = found.family
  fields.agent_os = found.os
end

local function sample(agent, kind, family, system)
  return {
    event = { message = "GET /", fields = { agent = agent } },
    expect = { fields = { agent_kind = kind, agent_family = family, agent_os = system or ailogger.null } },
  }
end

M.samples = {
  sample("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 " ..
    "Safari/537.36 Edg/126.0.0.0", "browser", "Edge", "Windows"),
  sample("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile " ..
    "Safari/537.36", "browser", "Chrome", "Android"),
  sample("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " ..
    "Version/17.5 Mobile/15E148 Safari/604.1", "browser", "Safari", "iOS"),
  sample("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "browser", "Firefox", "Linux"),
  sample("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot", "Googlebot"),
  sample("Mozilla/5.0 (compatible; ExampleBot/1.0; +https://example.com)", "bot", "ExampleBot"),
  sample("curl/8.5.0", "tool", "curl"),
  sample("kube-probe/1.29", "tool", "kube-probe"),
  sample("MyApp/3.2 (build 7)", "other", "MyApp"),
  { event = { message = "no agent", fields = { status = 200 } }, expect = { fields = { agent_kind = ailogger.null } } },
}

return M
