--- Takes personal data and secrets out of messages and fields before anything else sees them.
---
--- Numbers are only taken for what their check digits bear out (cards by Luhn and issuer, IBANs by length and
--- remainder), addresses only if they can be read. A filter of this kind must fail shut: an event that can't be looked
--- through loses its text.

local M = {
  name = "redact",
  kind = "filter",
  -- Better no event than one with an address in it.
  on_failure = "drop",
  api = 1,
  description = "takes e-mail addresses, IP addresses, card numbers, tokens, passwords … out of messages and fields",
  config = {
    -- What to look for.
    kinds = { "email", "ip", "card", "iban", "phone", "token", "jwt", "aws_key", "private_key", "password" },
    -- "mask" leaves what helps to tell things apart (a network, the last four digits), "remove" only says what stood
    -- there, "pseudonym" puts a keyed hash in its place: the same person in all logs, but nobody's name.
    how = "mask",
    -- The key of the hashes. Without one pseudonyms could be tried out, so they are not made.
    key = "",
    -- Leave private and loopback addresses as they are.
    public_ips_only = false,
    -- Fields whose value is a secret whatever it looks like.
    secret_fields = {
      "password", "passwd", "passphrase", "secret", "token", "access_token", "refresh_token", "id_token", "api_key",
      "apikey",
      "authorization", "cookie", "set-cookie", "private_key", "client_secret",
    },
  },
}

local find, sub = string.find, string.sub

-- MARK: What the checks say

local function passes_luhn(digits)
  local sum, double = 0, false
  for i = #digits, 1, -1 do
    local digit = digits:byte(i) - 48
    if double then
      digit = digit * 2
      if digit > 9 then digit = digit - 9 end
    end
    sum, double = sum + digit, not double
  end
  return sum % 10 == 0
end

-- First digits and lengths that issuers use. Every tenth number passes Luhn, times in milliseconds among them.
local issuers = ailogger.regex([[^(?:4\d{12}(?:\d{3}){0,2}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d]] ..
  [[|2720)\d{12}]] ..
  [[|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17})$]])

local function is_card(digits) return issuers:test(digits) and passes_luhn(digits) end

-- Lengths by country, from the IBAN registry.
local iban_lengths = {}
for country, length in (
  "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 " ..
  "FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 " ..
  "LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 " ..
  "SC31 SE24 SI19 SK24 SM27 SV28 TN24 TR26 UA29 VA22 VG24 XK20"
):gmatch("(%u%u)(%d%d)") do
  iban_lengths[country] = tonumber(length)
end

--- The number moved round by four, letters as 10 to 35, leaves 1 when divided by 97.
local function is_iban(text)
  local remainder = 0
  for i = 5, #text + 4 do
    local byte = text:byte((i - 1) % #text + 1)
    if byte >= 65 then
      remainder = (remainder * 100 + byte - 55) % 97
    else
      remainder = (remainder * 10 + byte - 48) % 97
    end
  end
  return remainder == 1
end

-- MARK: What takes a thing's place

local how -- function(kind, text, mask) -> text

local function removed(kind) return "[" .. kind .. "]" end

local function masked(kind, _, mask) return mask or removed(kind) end

local function pseudonym(kind, text)
  return kind:gsub(" ", "_") .. "-" .. sub(ailogger.hash.hmac_sha256(M.config.key, text), 1, 16)
end

-- MARK: Kinds. Each has a trigger, without which there is nothing to find and which is cheaper to look for than the
-- pattern proper, and a function that gives the text in place of a match, or nil to leave it. All patterns are bounded,
-- so that no text makes them take long: a filter that is stopped by its limits lets the event pass as it came.
local kinds = {
  private_key = {
    trigger = "PRIVATE KEY-----",
    pattern = [[(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)]],
    replace = function() return removed("private key") end,
  },
  password = {
    -- In a URL, in "name=value", in "name": "value", and behind a colon where the name leaves no doubt.
    trigger = [[(?i)pass|pwd|secret|token|key|credential|sess|://[^\s/@]{0,256}:[^\s/]{0,512}@]],
    pattern = [[(?i)(?<before>\b[a-z][a-z0-9+.-]{0,20}://[^\s/:@]{0,256}:)[^\s/]{1,512}(?=@)]] ..
      [[|(?<name>(?:\b|_)(?:[\w.-]{0,64}(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key]] ..
      [[|credentials?|sess(?:ion)?[_-]?id)|pwd)]] ..
      [[(?:["']\s*[:=]|\s*=)\s*|\b(?:passw(?:or)?d|passphrase|secret):\s*)]] ..
      [=[(?<value>"(?:[^"\\]++|\\.)*+"|'[^']*'|\[[^\]]*\]|[^\s,;&"')\]}]+)]=],
    replace = function(match)
      if match.before then return match.before .. "[password]" end
      local value = match.value
      -- sudo's PWD=/home/alice, Java's token=Token{…, and what was replaced before.
      if value:find("^/") or value:find("^%[") or value:find("^%a+{") then return nil end
      local quote = value:match("^[\"']") or ""
      return match.name .. quote .. "[password]" .. quote
    end,
  },
  token = {
    trigger = [[(?i)bearer|basic]],
    pattern = [[(?i)\b(?<scheme>bearer|basic)(?<gap>\s+)(?<value>[a-z0-9+/._~-]{8,}=*)]],
    replace = function(match)
      local value = match.value
      -- "Basic authentication failed" holds no token: real ones have digits, padding or mixed capitals.
      if not find(value, "[%d=]") and not find(value, "%l%u") then return nil end
      return match.scheme .. match.gap .. how("token", value)
    end,
  },
  jwt = {
    trigger = "eyJ",
    pattern = [[\beyJ[\w-]{8,1000}\.[\w-]{4,}+(?:\.[\w-]*)?]],
    replace = function(match) return how("jwt", match[0]) end,
  },
  aws_key = {
    trigger = [[A[A-Z]{3}[A-Z2-7]{16}]],
    pattern = [[\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b]],
    replace = function(match) return how("aws key", match[0]) end,
  },
  email = {
    trigger = "@",
    pattern = [[(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]{0,63}[\w+-]@]] ..
      [[(?<host>(?:[\w-]+\.)+[A-Za-z]{2,24})(?![\w-])]],
    replace = function(match) return how("email", match[0]:lower(), "***@" .. match.host) end,
  },
  iban = {
    trigger = [[\b[A-Z]{2}\d{2} ?[A-Z0-9]{4}]],
    pattern = [[\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b]],
    replace = function(match)
      local text = match[0]
      local length = iban_lengths[sub(text, 1, 2)]
      if not length then return nil end
      -- In groups of four the match may have run on into the next word.
      local digits, last = "", 0
      while #digits < length do
        last = find(text, "%w", last + 1)
        if not last then return nil end
        digits = digits .. sub(text, last, last)
      end
      if find(text, "^%w", last + 1) or not is_iban(digits) then return nil end
      return how("iban", digits, sub(digits, 1, 2) .. "****" .. sub(digits, -4)) .. sub(text, last + 1)
    end,
  },
  card = {
    trigger = [[\d{13}|\d{4}[ -]\d{4,6}[ -]\d]],
    pattern = [[(?<![\w.-])(?:\d{4}(?<gap>[ -])\d{4}\k<gap>\d{4}\k<gap>\d{1,7}]] ..
      [[|\d{4}(?<wide>[ -])\d{6}\k<wide>\d{4,5}]] ..
      [[|\d{13,19})(?!\w|[.-]\d)]],
    replace = function(match)
      local digits = match[0]:gsub("[ -]", "")
      if not is_card(digits) then return nil end
      return how("card", digits, "****" .. sub(digits, -4))
    end,
  },
  phone = {
    trigger = [=[\+[1-9]]=],
    pattern = [[(?<![\w+:.])\+[1-9](?:[ ./-]?\(?\d\)?){7,14}(?!\w|[.:]\d)]],
    replace = function(match)
      local digits = match[0]:gsub("[^%d+]", "")
      return how("phone", digits, sub(digits, 1, 3) .. "****")
    end,
  },
  ip = {
    trigger = [=[\d\.\d+\.\d|:[0-9a-fA-F]{0,4}:|\d-\d{1,3}-\d{1,3}[.-][A-Za-z]]=],
    pattern = [[(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)|(?=[0-9A-Fa-f:]*\d)[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*:]] ..
      [[(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4})(?![\w:]))]] ..
      -- Providers write addresses into the names of hosts.
      [=[|(?<![\d-])(?<dashed>\d{1,3}(?:-\d{1,3}){3})(?=[.-][A-Za-z])]=],
    replace = function(match)
      local text = match.dashed and match.dashed:gsub("-", ".") or match[0]
      local address = ailogger.ip.parse(text)
      if not address or M.config.public_ips_only and (address.private or address.loopback) then return nil end
      local replaced = how("ip", address.text, ailogger.ip.mask(address.text))
      return match.dashed and replaced:gsub("%.", "-") or replaced
    end,
  },
}

-- A secret is gone before its parts can be taken for something else.
local order = { "private_key", "password", "token", "jwt", "aws_key", "email", "iban", "card", "phone", "ip" }

-- MARK: Running

-- Bytes of a message that are looked through; what is longer is cut there, as looking through it might take too long.
local MOST = 64 * 1024

local active -- list of { trigger, pattern, replace }, made when config is known
local any -- all triggers in one: most texts have none of them, and are done after one look
local known = ailogger.cache { size = 5000 }
local secret_fields = {}
-- Whether a field of that name is secret, by the name as written.
local secret_names, names_known = {}, 0

local function start()
  local config = M.config
  how = ({ mask = masked, remove = removed, pseudonym = pseudonym })[config.how]
  if not how or how == pseudonym and config.key == "" then
    ailogger.log("error", how and 'redact: how = "pseudonym" needs a key; things are removed instead'
      or ('redact: how is mask, remove or pseudonym, not "%s"; things are removed'):format(config.how))
    how = removed
  end
  local wanted = {}
  for _, kind in ipairs(config.kinds) do
    if not kinds[kind] then ailogger.log("error", ('redact: there is no kind "%s"'):format(kind)) end
    wanted[kind] = true
  end
  active = {}
  local triggers = {}
  for _, name in ipairs(order) do
    local kind = kinds[name]
    if wanted[name] then
      local trigger, pattern = ailogger.regex(kind.trigger), ailogger.regex(kind.pattern)
      active[#active + 1] = { trigger = trigger, pattern = pattern, replace = kind.replace }
      triggers[#triggers + 1] = "(?:" .. kind.trigger .. ")"
    end
  end
  any = ailogger.regex(#triggers > 0 and table.concat(triggers, "|") or "(*FAIL)")
  for _, name in ipairs(config.secret_fields) do secret_fields[name:lower()] = true end
end

local function cleaned(text)
  for i = 1, #active do
    local kind = active[i]
    if kind.trigger:test(text) then text = kind.pattern:gsub(text, kind.replace) end
  end
  return text
end

--- The same for a field, whose values come again and again.
local function cleaned_field(text)
  if not any:test(text) then return text end
  local clean = known:get(text)
  if not clean then
    clean = cleaned(text)
    if #text <= 512 then known:set(text, clean) end
  end
  return clean
end

local function is_secret(name)
  local verdict = secret_names[name]
  if verdict == nil then
    -- Objects may have any number of names.
    if names_known == 5000 then secret_names, names_known = {}, 0 end
    verdict = type(name) == "string" and secret_fields[name:lower()] or false
    secret_names[name] = verdict
    names_known = names_known + 1
  end
  return verdict
end

--- The value of a field, or of an entry within one, without what must go; and whether that is another one. A whole
--- number may be a card's.
local function cleaned_value(name, value)
  local kind = type(value)
  if kind ~= "string" and kind ~= "number" and kind ~= "table" then return value, false end
  if is_secret(name) then return "[secret]", true end
  if kind == "table" then
    local is_changed = false
    for inner_name, inner in pairs(value) do
      local clean, is_other = cleaned_value(inner_name, inner)
      -- To give an entry that is there another value doesn't disturb the loop.
      if is_other then value[inner_name], is_changed = clean, true end
    end
    return value, is_changed
  end
  if kind == "number" then
    if math.type(value) ~= "integer" or value < 1000000000000 then return value, false end
    value = tostring(value)
  end
  local clean = cleaned_field(value)
  return clean, clean ~= value
end

local function redact(event)
  local message = event.message
  local clean = message
  if #message > MOST then clean = sub(message, 1, MOST) end
  if any:test(clean) then clean = cleaned(clean) end
  if clean ~= message then event.message = #message > MOST and clean .. " [cut]" or clean end
  local fields = event.fields
  for name, value in pairs(fields) do
    local other, is_other = cleaned_value(name, value)
    if is_other then fields[name] = other end
  end
end

function M.process(event)
  if not active then start() end
  local fine, problem = pcall(redact, event)
  if fine then return end
  ailogger.log("error", "redact: an event lost its text: " .. tostring(problem))
  event.message = "[not looked through]"
  local names = {}
  for name in pairs(event.fields) do names[#names + 1] = name end
  for _, name in ipairs(names) do event.fields[name] = nil end
end

M.samples = {
  {
    event = {
      message = "Mail for Alice.Smith@example.com from 192.0.2.17 queued",
      fields = { client = "10.1.2.3", status = 200 },
    },
    expect = {
      message = "Mail for ***@example.com from 192.0.2.0 queued", fields = { client = "10.1.2.0", status = 200 },
    },
  },
  {
    event = { message = "charged 4111 1111 1111 1111, refunded to DE89 3704 0044 0532 0130 00 OK" },
    expect = { message = "charged ****1111, refunded to DE****3000 OK" },
  },
  {
    -- Wrong check digits, a time in milliseconds, versions, times, a hash and a MAC address are none of it.
    event = {
      message = "order 4111111111111112 at 1763800000123 by v1.2.3.4.5 10:20:30 00:11:22:33:44:55 std::find DE00 " ..
        "3704 0044 0532 0130 00",
      fields = { bytes = 1763800000123, path = "/a/b", empty = "" },
    },
    expect = {
      message = "order 4111111111111112 at 1763800000123 by v1.2.3.4.5 10:20:30 00:11:22:33:44:55 std::find DE00 " ..
        "3704 0044 0532 0130 00",
      fields = { bytes = 1763800000123, path = "/a/b", empty = "" },
    },
  },
  {
    event = { message = 'GET /x Authorization: Bearer abc123DEF456ghi key AKIAIOSFODNN7EXAMPLE ' ..
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln' },
    expect = { message = "GET /x Authorization: Bearer [token] key [aws key] [jwt]" },
  },
  {
    event = { message = 'connect postgres://app:s3cr3t@db:5432/x with password=hunter2&a=1 {"api_key": "k-1"} ' ..
      'Password: "x y"' },
    expect = { message = 'connect postgres://app:[password]@db:5432/x with password=[password]&a=1 {"api_key": ' ..
      '"[password]"} Password: "[password]"' },
  },
  {
    -- sudo's directory, words that only sound like secrets, and nothing to take.
    event = { message = "alice : PWD=/home/alice ; COMMAND=/bin/ls; Basic authentication failed; Failed password " ..
      "for root; unexpected token: ;" },
    expect = { message = "alice : PWD=/home/alice ; COMMAND=/bin/ls; Basic authentication failed; Failed password " ..
      "for root; unexpected token: ;" },
  },
  {
    event = { message = "key: -----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY----- end" },
    expect = { message = "key: [private key] end" },
  },
  {
    event = {
      message = "call +49 30 901820 or +1 (212) 555-0100 at 2026-11-22T10:00:00+01:00",
      fields = { card = 4111111111111111 },
    },
    expect = { message = "call +49**** or +12**** at 2026-11-22T10:00:00+01:00", fields = { card = "****1111" } },
  },
  {
    event = {
      message = "from 2001:db8:1:2::7 and ::1 and [fe80::1]:80 (24-54-76-216.example.net) on 2026-11-22-10.log",
      fields = { headers = { Authorization = "x", Accept = "*/*", list = { "a@example.org" } },
        user = "bob@example.org", password = 12345 },
    },
    expect = {
      message = "from 2001:db8:1:: and :: and [fe80::]:80 (24-54-76-0.example.net) on 2026-11-22-10.log",
      fields = {
        headers = { Authorization = "[secret]", Accept = "*/*", list = { "***@example.org" } },
        user = "***@example.org",
        password = "[secret]",
      },
    },
  },
}

return M
