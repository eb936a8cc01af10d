local function message(t, given, expected)
  t:equal(t:event({ message = given }).message, expected, given)
end

local function stays(t, text) message(t, text, text) end

test("a secret behind its name goes, whatever stands in front of the name", function(t)
  message(t, "token: k7Gq-1", "token: [password]")
  message(t, "api_key: abc", "api_key: [password]")
  message(t, "x-api-key: abc-1, next", "x-api-key: [password], next")
  message(t, "X-Auth-Token: k7Gq", "X-Auth-Token: [password]")
  message(t, "API key: k7Gq", "API key: [password]")
  message(t, "pwd: hunter2", "pwd: [password]")
  message(t, "db_password: hunter2 (cart)", "db_password: [password] (cart)")
  message(t, "dbPassword=hunter2;a=1", "dbPassword=[password];a=1")
  message(t, "AWS_SECRET_ACCESS_KEY=wJalr/x secret_key=s1", "AWS_SECRET_ACCESS_KEY=[password] secret_key=[password]")
  message(t, [["password"=>"hunter2"]], [["password"=>"[password]"]])
  message(t, [[{\"password\":\"hunter2\",\"a\":1}]], [[{\"password\":\"[password]\",\"a\":1}]])
  message(t, [[password="unclosed]], [=[password="[password]]=])
  message(t, "invalid token: k7Gq1", "invalid token: [password]")
end)

test("options of a command line", function(t)
  message(t, "mysql --password hunter2 -u root", "mysql --password [password] -u root")
  message(t, "run --db-password=hunter2 --api-key 'k 7'", "run --db-password=[password] --api-key '[password]'")
  stays(t, "run --password --verbose")
  stays(t, "run --token-file /etc/token")
end)

test("a secret that a sentence tells", function(t)
  message(t, 'password is "X"', 'password is "[password]"')
  message(t, "your password is hunter2.", "your password is [password]")
  message(t, 'password "hunter2" was tried', 'password "[password]" was tried')
  message(t, "ALTER USER app IDENTIFIED BY 'hunter2'", "ALTER USER app IDENTIFIED BY '[password]'")
end)

test("headers", function(t)
  message(t, "Cookie: sid=X", "Cookie: [token]")
  message(t, "Cookie: sid=k7; theme=dark by anna", "Cookie: [token] by anna")
  message(t, "Set-Cookie: sid=k7; Path=/; HttpOnly", "Set-Cookie: [token]; HttpOnly")
  message(t, "Authorization: token ghp_0123456789abcdefABCD", "Authorization: token [token]")
  message(t, "Authorization: Basic YWxpY2U6cw==, next", "Authorization: Basic [token], next")
  message(t, "authorization: basic abcdefgh", "authorization: basic [token]")
  message(t, "Proxy-Authorization: k7Gq", "Proxy-Authorization: [token]")
  message(t, 'Authorization: Digest username="anna", response="6629"', "Authorization: Digest [token]")
  message(t, '{"Authorization":["Bearer k7Gq"],"cookie":"sid=k7"}',
    '{"Authorization":["Bearer [token]"],"cookie":"[token]"}')
end)

test("tokens that are known by their beginning", function(t)
  message(t, "push with ghp_0123456789abcdefABCD to shop", "push with [token] to shop")
  message(t, "glpat-0123456789abcdefABCD", "[token]")
  message(t, "slack xoxb-123456789-abc", "slack [token]")
end)

test("what only speaks of secrets stays", function(t)
  stays(t, "token expired")
  stays(t, "token: expired")
  stays(t, "invalid token")
  stays(t, "invalid token: end of input")
  stays(t, "Unexpected token: name")
  stays(t, "tokens: 512")
  stays(t, "tokens=512 prompt_tokens=12 token_count: 7 max tokens 100")
  stays(t, "password changed for anna")
  stays(t, "password: incorrect")
  stays(t, "password is about to expire in 7 days")
  stays(t, "Failed password for invalid user anna from unknown port 1 ssh2")
  stays(t, "authorization: failed for user anna")
  stays(t, "no cookie was sent, authorization required")
  stays(t, 'Secret "shop-tls" not found')
  stays(t, "alice : PWD=/home/alice ; COMMAND=/bin/ls")
  stays(t, "password=[password] and token: [token]")
end)

test("fields by their names", function(t)
  local given = {
    db_password = "a", ["X-Auth-Token"] = "b", authToken = "c", dbpassword = "d", session_cookie = "e", password2 = 6,
    password_hash = "g", ["Set-Cookie"] = "h", aws_credentials = { "i" }, ["ssh.private-key"] = "j", DB_PWD = "k",
    pwd = "l",
  }
  local fields = t:event({ message = "x", fields = given }).fields
  for name in pairs(given) do t:equal(fields[name], "[secret]", name) end
end)

test("fields whose names only sound like secrets", function(t)
  local given = {
    token_count = 12, tokens = 512, prompt_tokens = 7, password_changed_at = "2026-11-22", passwordResetUrl = "/reset",
    token_type = "Bearer", ["authorization.k8s.io/decision"] = "allow", pwd = "/home/anna", secretary = "anna",
    author = "anna", key = "cart",
  }
  local fields = t:event({ message = "x", fields = given }).fields
  for name, value in pairs(given) do t:equal(fields[name], value, name) end
end)

test("components and names of fields are looked through", function(t)
  local event = t:event {
    message = "x", component = "mailbox anna@example.com",
    fields = { ["anna@example.com"] = 1, ["till@example.com"] = 2, by = { ["192.0.2.17"] = "till@example.com" } },
  }
  t:equal(event.component, "mailbox ***@example.com", "component")
  t:equal(event.fields,
    { ["***@example.com"] = 1, ["***@example.com 2"] = 2, by = { ["192.0.2.0"] = "***@example.com" } }, "fields")
end)

test("addresses behind a colon, and times and MAC addresses, which are none", function(t)
  message(t, "client:192.0.2.17 ip:192.0.2.17:443", "client:192.0.2.0 ip:192.0.2.0:443")
  message(t, "::ffff:192.0.2.17 2001:db8:1:2:3:4:5:6", "::ffff:192.0.2.0 2001:db8:1::")
  stays(t, "at 10:20:30 00:11:22:33:44:55 Cart::load v1.2.3.4 1.2.3.4.5")
end)
