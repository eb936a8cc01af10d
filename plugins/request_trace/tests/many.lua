local function request(t, number, message)
  local id = ("req-%04d"):format(number)
  t:event { component = "web", message = "begin", fields = { request_id = id } }
  t:advance("100ms")
  t:event { component = "db", level = "error", message = message, fields = { request_id = id } }
end

test("what fails alike is told once, and counted", function(t)
  t:at("2026-11-22T10:00:00Z")
  for i = 1, 38 do
    request(t, i, "timeout after " .. i * 10 .. " ms")
    t:advance("1s")
  end
  request(t, 99, "disk full")
  t:advance("1m")
  t:expect {
    { id = "failed", status = "raised",
      message = "db failed first, after 100ms: timeout after 10 ms; req-0001: 2 lines over 100ms, web, db" },
    { id = "failed", status = "raised",
      message = "db failed first, after 100ms: disk full; req-0099: 2 lines over 100ms, web, db" },
  }
  t:advance("15m")
  t:expect {
    { id = "failed", status = "cleared",
      message = "38 requests like this within 41s; the first: db failed first, after 100ms: timeout after 10 ms" },
  }
end)

test("a request that comes again after the gap is another one", function(t)
  t:at("2026-11-22T10:00:00Z")
  request(t, 1, "timeout")
  t:advance("15m")
  request(t, 1, "timeout")
  t:advance("15m")
  t:expect { { id = "failed" }, { id = "failed" } }
end)

test("a task that keeps one id for all its life is slow once at most", function(t)
  t:at("2026-11-22T10:00:00Z")
  for _ = 1, 10 do
    for _ = 1, 3 do
      t:event { component = "sync", message = "looking", fields = { request_id = "req-7001" } }
      t:advance("6s")
    end
    t:advance("5m")
  end
  t:expect { { id = "slow" } }
end)
