local function repeated(t, count, every, make)
  for i = 1, count do
    t:event(make(i))
    t:advance(every)
  end
end

test("the whole of an attack is told once it is over", function(t)
  t:at("2026-11-22T10:00:00Z")
  repeated(t, 40, "10s", function(i)
    return { message = ("Failed password for invalid user u%d from 192.0.2.1 port 1 ssh2"):format(i % 7),
      component = "sshd" }
  end)
  t:expect { { status = "raised", key = "192.0.2.1",
    message = "10 failed logins from 192.0.2.1 within 1m30s, by user: u1 2, u2 2, u3 2, u0 1, u4 1 and 2 more" } }
  t:advance("11m")
  t:expect {
    {
      status = "cleared", key = "192.0.2.1",
      message = "40 failed logins from 192.0.2.1 within 6m30s, by user: u1 6, u2 6, u3 6, u4 6, u5 6 and 2 more",
    },
  }
  -- And it begins anew.
  repeated(t, 10, "1s", function() return { message = "Failed password for root from 192.0.2.1 port 1 ssh2" } end)
  t:expect { { status = "raised" } }
end)

test("what syslog folds up counts as often as it says", function(t)
  t:at("2026-11-22T10:00:00Z")
  t:event { message = "Failed password for root from 192.0.2.9 port 42393 ssh2" }
  t:event { message = "message repeated 8 times: [ Failed password for root from 192.0.2.9 port 42393 ssh2]" }
  t:expect {}
  t:event { message = "Failed password for root from 192.0.2.9 port 42393 ssh2" }
  t:expect { { id = "client", fields = { count = 10 } } }
end)

test("databases, mail, FTP and web servers are understood", function(t)
  local texts = {
    { 'password authentication failed for user "app"', { client = "192.0.2.5" } },
    { "Access denied for user 'app'@'192.0.2.5' (using password: YES)" },
    { 'user "app": password mismatch, client: 192.0.2.5, server: x, request: "GET /admin HTTP/1.1"' },
    { 'user "app" was not found in "/etc/nginx/htpasswd", client: 192.0.2.5, server: x' },
    { 'AH01617: user app: authentication failure for "/admin": Password Mismatch', { client = "192.0.2.5" } },
    { "imap-login: Disconnected (auth failed, 2 attempts in 9 secs): user=<app>, method=PLAIN, rip=192.0.2.5, " ..
      "lip=10.0.0.1" },
    { "warning: unknown[192.0.2.5]: SASL LOGIN authentication failed: authentication failure" },
    { '[app] FAIL LOGIN: Client "192.0.2.5"' },
    { "Login failed for user app from 192.0.2.5" },
  }
  t:at("2026-11-22T10:00:00Z")
  for i, text in ipairs(texts) do
    t:event { message = text[1], fields = text[2] }
    t:advance("1s")
    -- Dovecot's line says two: so the ninth line is the tenth failure.
    if i < #texts then t:expect {} end
  end
  t:expect { { id = "client", message = "10 failed logins from 192.0.2.5 within 8s, by user: app 9" } }
end)

test("a login page is judged by its status", function(t)
  t:at("2026-11-22T10:00:00Z")
  repeated(t, 6, "1s", function()
    return { message = "POST /api/login HTTP/1.1", format = "access", fields = { client = "192.0.2.6", status = 401 } }
  end)
  t:expect {}
  t:event { message = "POST /api/login HTTP/1.1", format = "access",
    fields = { client = "192.0.2.6", status = 200, user = "eve" } }
  t:expect { { id = "success", level = "critical",
    message = "eve logged in from 192.0.2.6 after 6 failed logins within 6s" } }
  -- WordPress answers 200 to a wrong password. Other pages and other errors are no logins.
  repeated(t, 10, "1s",
    function() return { message = "POST /wp-login.php HTTP/1.1", fields = { client = "192.0.2.8", status = 200 } } end)
  t:expect { { key = "192.0.2.8" } }
  repeated(t, 20, "1s",
    function() return { message = "POST /api/author HTTP/1.1", fields = { client = "192.0.2.9", status = 403 } } end)
  repeated(t, 20, "1s",
    function() return { message = "POST /login HTTP/1.1", fields = { client = "192.0.2.9", status = 500 } } end)
  t:expect {}
end)

test("without an address or a login there is nothing to find", function(t)
  t:at("2026-11-22T10:00:00Z")
  repeated(t, 30, "1s",
    function() return { message = "authentication failure; logname=root uid=0 euid=0 tty=pts/0 ruser=root rhost=  " ..
      "user=root" } end)
  repeated(t, 30, "1s", function() return { message = "Login failed, try again" } end)
  repeated(t, 30, "1s", function() return { message = "Failed publickey for alice from 192.0.2.9 port 50022 ssh2" } end)
  repeated(t, 30, "1s",
    function() return { message = "Access denied for user 'app'@'192.0.2.5' (using password: NO)" } end)
  t:expect {}
end)

test("the whole of what many addresses tried on one user is told once it is over", function(t)
  t:at("2026-11-22T10:00:00Z")
  repeated(t, 40, "10s", function(i)
    return { message = ("Failed password for root from 192.0.2.%d port 1 ssh2"):format(i % 8), component = "sshd" }
  end)
  t:expect { { id = "user", status = "raised", key = "root", fields = { count = 10, clients = 8 } } }
  t:advance("11m")
  t:expect {
    {
      id = "user", status = "cleared", key = "root", fields = { count = 40, clients = 8 },
      message = "40 failed logins as root within 6m30s from 8 addresses: 192.0.2.0 5, 192.0.2.1 5, 192.0.2.2 5, " ..
        "192.0.2.3 5, 192.0.2.4 5 and 3 more",
    },
  }
  t:advance("10m")
  t:expect {}
end)

test("an attack that goes on when the log ends is told with its final number", function(t)
  t:at("2026-11-22T10:00:00Z")
  repeated(t, 25, "2s", function() return { message = "Failed password for root from 192.0.2.1 port 1 ssh2" } end)
  t:expect { { status = "raised", key = "192.0.2.1", fields = { count = 10 } } }
  t:finish()
  t:expect { { status = "cleared", key = "192.0.2.1", fields = { count = 25 } } }
end)

test("an attack of which nothing followed has no more to tell", function(t)
  t:at("2026-11-22T10:00:00Z")
  repeated(t, 10, "2s", function() return { message = "Failed password for root from 192.0.2.1 port 1 ssh2" } end)
  t:expect { { status = "raised" } }
  t:finish()
  t:expect {}
end)
