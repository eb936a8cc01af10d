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

test("options of one letter", function(t)
  message(t, "mysql -u root -pcorrect shop", "mysql -u root -p[password] shop")
  message(t, "sh -c 'mysqldump -h db1 shop -p\"a b\" > x.sql'", "sh -c 'mysqldump -h db1 shop -p\"[password]\" > x.sql'")
  message(t, "/usr/bin/mysqladmin -uroot -p'k 7' ping", "/usr/bin/mysqladmin -uroot -p'[password]' ping")
  message(t, "mariadb-dump -pk7,x shop", "mariadb-dump -p[password],x shop")
  message(t, 'EXECVE argc=3 a0="mysql" a1="-uroot" a2="-pk7"', 'EXECVE argc=3 a0="mysql" a1="-uroot" a2="-p[password]"')
  message(t, '["mysql","-uroot","-pk7","shop"]', '["mysql","-uroot","-p[password]","shop"]')
  message(t, "sshpass -p k7 ssh db1; sshpass -pk8 ssh db2", "sshpass -p [password] ssh db1; sshpass -p[password] ssh db2")
  message(t, "mongosh -u app -p k7 shop", "mongosh -u app -p [password] shop")
  message(t, "redis-cli -h db1 -a k7 ping", "redis-cli -h db1 -a [password] ping")
  message(t, "docker login -u bot -p k7 hub.example.com", "docker login -u bot -p [password] hub.example.com")
  message(t, "ldapsearch -x -D cn=app -w k7 uid=anna", "ldapsearch -x -D cn=app -w [password] uid=anna")
  message(t, "curl -s -u anna:k7 https://example.com/", "curl -s -u anna:[password] https://example.com/")
  message(t, "curl --user 'anna:k7' /x", "curl --user 'anna:[password]' /x")
  stays(t, "mysql -u root -p shop")
  stays(t, "mysql -P 3306 -h db1 -P3307")
  stays(t, "mysqladmin -uroot -p -h db1")
  stays(t, "mysql -V; tar -pxzf x.tar; ssh -p 22 db1; mkdir -p /a/b")
  stays(t, "docker run -p 80:80 shop; curl -u anna https://example.com:443/")
  stays(t, "mysql error -port 3306 refused, mysqld -port 3306")
  stays(t, "redis-cli -p 6379 ping; ldapsearch -x -W uid=anna")
end)

test("a secret that a sentence tells", function(t)
  message(t, 'password is "X"', 'password is "[password]"')
  message(t, "your password is hunter2.", "your password is [password]")
  message(t, 'password "hunter2" was tried', 'password "[password]" was tried')
  message(t, "the password is swordfish", "the password is [password]")
  message(t, "Your password was Swordfish.", "Your password was [password]")
  message(t, "password is: swordfish for now", "password is: [password] for now")
  message(t, "the password (password is swordfish), login", "the password (password is [password]), login")
  message(t, "new password for user anna is swordfish", "new password for user anna is [password]")
  message(t, "password of root is hunter2, change it", "password of root is [password], change it")
  message(t, "A temporary password is generated for root@localhost: k7,(G;q&1", "A temporary password is generated for " ..
    "root@localhost: [password]")
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
  for word in (
    "wrong required expired incorrect weak empty missing expiring invalid unsafe encrypted compromised obsolete secure " ..
    "correct mandatory identical plaintext hidden unchanged acceptable insufficient blank temporary null md5 stale old"
  ):gmatch("%S+") do
    stays(t, "password is " .. word)
    stays(t, "The password for anna was " .. word .. ".")
    stays(t, "password is: " .. word)
  end
  stays(t, "password is swordfishy enough")
  for word in (
    "forbidden numeric optional vulnerable overdue inactive readonly nonsense okay visible external illegal"
  ):gmatch("%S+") do
    stays(t, "an empty password is " .. word .. ".")
  end
  stays(t, "password is superuser's, pwd is /home/anna")
  stays(t, "password is wrong, try again")
  stays(t, "passphrase is required: none was given")
  stays(t, "the token is valid, the key is primary, the secret is mounted")
  stays(t, "is your password hunted? password is it?")
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
