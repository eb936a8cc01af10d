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
    -- A field's value is a secret, whatever it looks like, if its name ends in one of these or has one as a part
    -- (`db_password`, `X-Auth-Token`, `authToken`), unless it goes on with what is none (`token_count`).
    secret_fields = {
      "password", "passwd", "pwd", "passphrase", "secret", "secrets", "token", "api_key", "apikey", "access_key",
      "authorization", "cookie", "cookies", "credential", "credentials", "private_key",
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

-- How secrets are called, and how their values are written.
local NAME = [[passw(?:or)?d|passphrase|pwd|secret|token|(?:api|access|private)[ _-]?key|credentials?|identified by]]
local VALUE = [=[(?<value>"(?:[^"\\]++|\\.)*+"|'[^']{0,4096}'|\\{1,3}["'][^"'\\]*\\{1,3}["']|\[[^\]]{0,512}\]]=] ..
  [=[|["']?[^\s,;&"')\]}\\]+)]=]

-- What stands behind "password:" and "token is" without being one.
local no_secret = {}
for word in (
  "a an and are at authentication bad blank can cannot changed check correct default denied disabled does does_not " ..
  "empty enabled error expected expired expires failed failure false for found from granted has hidden if in " ..
  "incorrect invalid is length malformed match mismatch missing must needed new nil no none not null of off ok old on " ..
  "password rejected request required reset revoked secret set success succeeded the to token too true undefined " ..
  "unknown unset updated user valid was with wrong yes " ..
  "base64 bcrypt md5 sha1 sha256 sha512 utf8 utf-8"
):gmatch("%S+") do
  no_secret[word] = true
end

-- What a sentence says of a password in one word.
local no_password = {}
for word in (
  "absent again alike alone anyway broken chosen common complex correctly crypt different either equal evident fine " ..
  "foreign forgotten frozen garbage given gone hashes hidden history identical intact known later leaked legacy " ..
  "longer mandatory mine necessary never nonsense nowhere obsolete obvious okay older optional outdated plain " ..
  "plaintext present private public random ready right safe sane secure sensitive shorter shown similar simple " ..
  "single spaces stale static stolen string strong taken temporary there through today tomorrow twice unchanged " ..
  "unclear unique unknown unsafe weaker whitespace written yours"
):gmatch("%S+") do
  no_password[word] = true
end
local participles = ailogger.regex([[^(?:un|non|over)|(?:ed|en|ing|[ai]ble|less|ful|ive|ous|ic|al|ar|[ao]ry|ly|[ae]nt|ct]] ..
  [[|only|where|thing|ish(?<!fish))$]])

--- Whether letters alone may be a password, behind "password is": not what could be said of one.
local function may_be_password(value)
  local word = value:gsub("[.:!]+$", ""):lower()
  return #word >= 5 and not find(word, "[^%a]") and not no_secret[word] and not no_password[word]
    and not participles:test(word)
end

-- What was put in a secret's place before.
local marks = { ["[password]"] = true, ["[token]"] = true, ["[secret]"] = true, ["[jwt]"] = true,
  ["[private key]"] = true, ["[aws key]"] = true }

--- What stands between a program and the first of an option in its command. Possessive: a long line of many commands
--- is gone through once.
local function upto(option)
  return ([[(?:[^\s"'|;&]++|[^\S\n](?!-OPTION)|["'](?!-OPTION)){0,64}+["'\s]-OPTION]]):gsub("OPTION", option) .. ""
end

-- Addresses come again and again.
local addresses, addresses_known = {}, 0

--- What takes the place of an address, as it was written; nil if it isn't one, or may stay.
local function replaced_address(written, text)
  local replaced = addresses[written]
  if replaced == nil then
    local address = ailogger.ip.parse(text)
    replaced = address and not (M.config.public_ips_only and (address.private or address.loopback))
      and how("ip", address.text, ailogger.ip.mask(address.text))
    if addresses_known == 5000 then addresses, addresses_known = {}, 0 end
    addresses[written], addresses_known = replaced or false, addresses_known + 1
  end
  return replaced or nil
end

-- MARK: Kinds. Each has a trigger, without which there is nothing to find and which is cheaper to look for than the
-- pattern proper, and a function that gives the text in place of a match, or nil to leave it; where the trigger is dear,
-- `first` is what is looked for before, in every text. All patterns are bounded,
-- so that no text makes them take long: a filter that is stopped by its limits lets the event pass as it came.
local kinds = {
  private_key = {
    trigger = "PRIVATE KEY-----",
    pattern = [[(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)]],
    replace = function() return removed("private key") end,
  },
  password = {
    -- In "name=value", "name": "value", "name: value" and "name is value". What stands in front of the name (`db_`, `x-`)
    -- doesn't matter.
    first = [[(?i)passw|passphrase|pwd|secret|token|key|credential|sess|identified]],
    trigger = [[(?i)(?:NAME|sess(?:ion)?[_-]?id)(?:[_-](?:hash|key|value))?(?:\\{0,3}["']?\s*[:=]|\s+(?:is|was)\b]] ..
      [[|\s+["']|\s+(?:for|of)\s[^\n]{1,200}?\s(?:is|was)\b)]],
    pattern = [[(?i)(?<name>(?:NAME|sess(?:ion)?[_-]?id(?!\s*:))(?:[_-](?:hash|key|value))?]] ..
      [[(?<judged>(?<=unexpected token|expected token|unknown token|invalid token|illegal token|bad token)(?=:))?]] ..
      [[(?:(?:\\{0,3}["']\s*(?:=>|[:=])|\s*=>?)\s*|(?<colon>:\s*)]] ..
      [[|(?<is>(?<word>(?<=password|passwd|passphrase|pwd)(?:\s+(?:for|of)(?:\s+[^\s:,;]{1,64}){1,3}?)?)?]] ..
      [[\s+(?:is|was)(?<sure>:)?\s+)]] ..
      [[|(?<=password|passwd|passphrase|identified by)\s+(?=["'])))]] .. VALUE ..
      [=[(?<last>(?=\s*+(?:\z|[\n,;)\]}]|["'](?!\w))))?]=],
    replace = function(match)
      local value = match.value
      -- sudo's PWD=/home/alice, Java's token=Token{…, and what was replaced before.
      if find(value, "^/") or find(value, "^%a+{") or marks[value] then return nil end
      local quote = value:match("^\\*[\"']") or ""
      if quote == "" and (match.colon or match.is) then
        if no_secret[value:lower():gsub("[.!]+$", "")] then return nil end
        -- "password is about to expire", "unexpected token: end".
        if (match.is or match.judged) and not (find(value, "%a") and find(value, "[^%a.:!?-]")) then
          -- "the password is swordfish", at the end of what is said.
          if not (match.word and (match.last or match.sure or find(value, "[.!]$")) and may_be_password(value)) then
            return nil
          end
        end
      end
      return match.name .. quote .. "[password]" .. (find(value, quote, 2, true) and quote or "")
    end,
  },
  generated = {
    -- What servers say when they are set up. Such passwords are of all signs.
    first = "generated",
    trigger = " generated for ",
    pattern = [[(?i)(?<before>(?:NAME)\s+(?:is|was) generated for [^\s:]{1,128}:\s+)\S+]],
    replace = function(match) return match.before .. "[password]" end,
  },
  short_option = {
    -- Of programs that take a password on the command line, written in one with its letter or behind it.
    first = [=[["'\s]-[apuw]]=],
    trigger = [[(?i)mysql|mariadb|sshpass|7z|mongo|redis-cli|ldap|docker|podman|curl]],
    pattern = [[(?<![\w.-])(?<before>(?:]] ..
      [[(?:(?:mysql|mariadb)(?:\.exe)?(?=["',\s]{1,6}(?:a1=)?["']?-)]] ..
      [[|(?:mysql|mariadb-)(?:admin|binlog|check|dump|import|pump|sh|show|slap)(?:\.exe)?|sshpass|7z[arz]?)]] .. upto("p") ..
      [[|(?:sshpass|mongo[a-z]{0,12}+|(?:docker|podman)["',\s]{1,6}login)]] .. upto("p") .. [[["',\s]{1,6}]] ..
      [[|redis-cli]] .. upto("a") .. [[["',\s]{1,6}]] ..
      [[|ldap[a-z]{3,12}+]] .. upto("w") .. [[(?:["',\s]{1,6})?]] ..
      [[|curl]] .. upto("(?:u|-user)") .. [=[["',=\s]{0,6}[^\s:"']{1,128}+:)(?![-\s]))]=] ..
      VALUE,
    replace = function(match)
      local quote = match.value:match("^\\*[\"']") or ""
      return match.before .. quote .. "[password]" .. (find(match.value, quote, 2, true) and quote or "")
    end,
  },
  option = {
    first = "--",
    trigger = [[(?i)--[\w-]{0,40}?(?:NAME)\s]],
    pattern = [[(?i)(?<name>--[\w-]{0,40}?(?:NAME)\s+(?!-))]] .. VALUE,
    replace = function(match)
      local quote = match.value:match("^[\"']") or ""
      return match.name .. quote .. "[password]" .. quote
    end,
  },
  url_password = {
    first = "://",
    trigger = [[://[^\s/@]{0,256}:[^\s/]{0,512}@]],
    pattern = [[(?i)(?<before>\b[a-z][a-z0-9+.-]{0,20}://[^\s/:@]{0,256}:)[^\s/]{1,512}(?=@)]],
    replace = function(match) return match.before .. "[password]" end,
  },
  header = {
    -- A scheme and what follows it, or pairs (cookies, digests).
    first = [[(?i)authorization|cookie]],
    trigger = [=[(?i)(?:authorization|cookie)\\{0,3}["']?\s*[:=]]=],
    pattern = [[(?i)(?<header>(?:authorization|cookie)\\{0,3}["']?\s*(?:=>|[:=])\s*[["'\\]{0,4}]] ..
      [[(?:(?:bearer|basic|token|digest|negotiate|ntlm|api-?key|oauth|hmac|aws4-hmac-sha256)\s+)?)]] ..
      [=[(?<credentials>[^\s=,;"'\\]{1,4096}=(?:"[^"]*"|[^\s,;"'\\]*)]=] ..
      [=[(?:[,;]\s*[^\s=,;"'\\]{1,4096}=(?:"[^"]*"|[^\s,;"'\\]*))*|[^\s,;"'\]\\]+)]=],
    replace = function(match)
      local value = match.credentials
      if no_secret[value:lower()] or marks[value] then return nil end
      return match.header .. how("token", value)
    end,
  },
  token = {
    -- Behind the name of a scheme, and what says by its beginning whose it is.
    trigger = [[(?i)bearer|basic|gh[opsu]_|github_pat_|glpat-|xox[a-z]-|[rs]k_live_|AIza]],
    pattern = [[\b(?:(?<scheme>(?i:bearer|basic))(?<gap>\s+)(?<value>(?i)[a-z0-9+/._~-]{8,}=*)]] ..
      [[|(?:gh[opsu]_|github_pat_)\w{16,255}|glpat-[\w-]{16,255}|xox[a-z]-[\w-]{10,255}|[rs]k_live_\w{16,255}]] ..
      [[|AIza[\w-]{30,60})]],
    replace = function(match)
      local value = match.value
      if not value then return how("token", match[0]) end
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
    first = "A(?:KI|SI|BI|CC)A",
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
    trigger = [=[\d\.\d{1,3}\.\d{1,3}\.\d]=],
    pattern = [[(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)]],
    replace = function(match)
      local text = match[0]
      return replaced_address(text, text)
    end,
  },
  -- The kind "ip" too: addresses of version 6, which have "::" or seven colons, as times and MAC addresses haven't; and
  -- those that providers write into the names of hosts.
  ip6 = {
    trigger = [=[::|(?:[0-9a-fA-F]{1,4}:){6}|\d-\d{1,3}-\d{1,3}-\d{1,3}[.-][A-Za-z]]=],
    pattern = [[(?<![\w.:])(?=[0-9A-Fa-f:]*\d)[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*:]] ..
      [[(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4})(?![\w:])]] ..
      [=[|(?<![\d-])(?<dashed>\d{1,3}(?:-\d{1,3}){3})(?=[.-][A-Za-z])]=],
    replace = function(match)
      local dashed = match.dashed
      if not dashed then return replaced_address(match[0], match[0]) end
      local address = replaced_address(dashed, (dashed:gsub("-", ".")))
      return address and address:gsub("%.", "-")
    end,
  },
}
-- A secret is gone before its parts can be taken for something else. The first group is known by words, the second by
-- digits and signs.
local order = {
  { "private_key", "url_password", "header", "generated", "short_option", "option", "password", "token", "jwt", "aws_key" },
  { "email", "iban", "card", "phone", "ip6", "ip" },
}
-- What goes by the name of another in config.
local is_part_of = {
  url_password = "password", header = "password", generated = "password", short_option = "password", option = "password",
  ip6 = "ip",
}

-- MARK: Running

-- Bytes of a message that are looked through; what is longer is cut there, as looking through it might take too long.
local MOST = 64 * 1024

-- Lists of { trigger, pattern, replace } with all their triggers in one, made when config is known: those known by words
-- and those known by digits and signs. Most texts have neither, and are done after two looks.
local words, signs
local known = ailogger.cache { size = 5000 }
local secret_fields = {}
-- Of each name of a field: whether its value is a secret, and what it is called then, if the name itself holds one.
local secret_names, clean_names, names_known = {}, {}, 0

-- Parts of a name that make another thing of what stands before them.
local harmless = {}
for part in (
  "age at attempts changed count counts created decision duration enabled errors exp expired expires expiry " ..
  "expiration failed failures file id issued last len length lifetime limit max min method mode name names path " ..
  "policy provider reason required reset set size source status strength total ttl type types updated url uri " ..
  "usage used valid version"
):gmatch("%S+") do
  harmless[part] = true
end

--- "X-Auth-Token" and "xAuthToken" as "_x_auth_token_".
local function parts_of(name)
  return "_" .. name:gsub("(%l)(%u)", "%1_%2"):lower():gsub("[^%a]+", "_") .. "_"
end

local function group_of(names, wanted)
  local group, triggers = { size = 0 }, {}
  for _, name in ipairs(names) do
    local kind = kinds[name]
    if wanted[is_part_of[name] or name] then
      local trigger, pattern = kind.trigger:gsub("NAME", NAME), kind.pattern:gsub("NAME", NAME)
      group.size = group.size + 1
      group[group.size] = {
        trigger = ailogger.regex(trigger), pattern = ailogger.regex(pattern), replace = kind.replace,
      }
      triggers[group.size] = "(?:" .. (kind.first or trigger) .. ")"
    end
  end
  group.any = ailogger.regex(group.size > 0 and table.concat(triggers, "|") or "(*FAIL)")
  return group
end

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
  words, signs = group_of(order[1], wanted), group_of(order[2], wanted)
  -- What stands in front may be written in one with it: "dbpassword".
  for _, name in ipairs(config.secret_fields) do secret_fields[#secret_fields + 1] = sub(parts_of(name), 2) end
end

local function cleaned_of(group, text)
  if not group.any:test(text) then return text end
  for i = 1, group.size do
    local kind = group[i]
    if kind.trigger:test(text) then text = kind.pattern:gsub(text, kind.replace) end
  end
  return text
end

local function cleaned(text) return cleaned_of(signs, cleaned_of(words, text)) end

--- The same for a field, whose values come again and again.
local function cleaned_field(text)
  if not words.any:test(text) and not signs.any:test(text) then return text end
  local clean = known:get(text)
  if not clean then
    clean = cleaned(text)
    if #text <= 512 then known:set(text, clean) end
  end
  return clean
end

local function names_secret(name)
  name = parts_of(name)
  for i = 1, #secret_fields do
    local _, last = find(name, secret_fields[i], 1, true)
    if last then
      local is_harmless = false
      for part in sub(name, last):gmatch("%a+") do is_harmless = is_harmless or harmless[part] end
      if not is_harmless then return true end
    end
  end
  return false
end

local function is_secret(name)
  local verdict = secret_names[name]
  if verdict == nil then
    -- Objects may have any number of names.
    if names_known == 5000 then secret_names, clean_names, names_known = {}, {}, 0 end
    local is_text = type(name) == "string"
    verdict = is_text and names_secret(name)
    secret_names[name] = verdict
    local clean = is_text and cleaned(name) or name
    if clean ~= name then clean_names[name] = clean end
    names_known = names_known + 1
  end
  return verdict
end

--- Gives entries whose names hold something the names without it. Two that are then alike are told apart by a number.
local function rename(entries, names)
  table.sort(names)
  for _, name in ipairs(names) do
    local value, clean = entries[name], cleaned(name)
    entries[name] = nil
    local free, number = clean, 1
    while entries[free] ~= nil do
      number = number + 1
      free = ("%s %d"):format(clean, number)
    end
    entries[free] = value
  end
end

local cleaned_value

--- Cleans all entries of a table, or the fields of an event; true if one has changed.
local function clean_all(entries)
  local is_changed, names = false, nil
  for name, value in pairs(entries) do
    local clean, is_other = cleaned_value(name, value)
    -- To give an entry that is there another value doesn't disturb the loop.
    if is_other then entries[name], is_changed = clean, true end
    if clean_names[name] then
      names = names or {}
      names[#names + 1] = name
    end
  end
  if names then rename(entries, names) end
  return is_changed or names ~= nil
end

--- The value of a field, or of an entry within one, without what must go; and whether that is another one. A whole
--- number may be a card's.
function cleaned_value(name, value)
  local kind = type(value)
  if is_secret(name) and (kind == "string" or kind == "number" or kind == "table") then
    -- A shell's directory.
    if kind ~= "string" or not find(value, "^/") or not find(name, "^%a-[Pp][Ww][Dd]$") then return "[secret]", true end
  end
  if kind == "table" then return value, clean_all(value) end
  if kind == "number" then
    if math.type(value) ~= "integer" or value < 1000000000000 then return value, false end
    value = tostring(value)
  elseif kind ~= "string" then
    return value, false
  end
  local clean = cleaned_field(value)
  return clean, clean ~= value
end

local function redact(event)
  local message = event.message
  local clean = message
  if #message > MOST then clean = sub(message, 1, MOST) end
  clean = cleaned(clean)
  if clean ~= message and #message > MOST then clean = clean .. " [cut]" end
  local is_changed = clean ~= message
  local component = event.component
  if component then
    local other = cleaned_field(component)
    if other ~= component then event.component, is_changed = other, true end
  end
  if clean_all(event.fields) then is_changed = true end
  -- The line as read, which reports show as evidence, holds what was taken out of fields as well: a message that is
  -- written, be it the same, takes its place.
  if is_changed then event.message = clean end
end

function M.process(event)
  if not words then start() end
  local fine, problem = pcall(redact, event)
  if fine then return end
  ailogger.log("error", "redact: an event lost its text: " .. tostring(problem))
  event.message = "[not looked through]"
  event.component = nil
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
