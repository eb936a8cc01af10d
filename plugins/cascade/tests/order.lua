local function failure(t, component, after, message)
  t:advance(after)
  t:event { level = "error", component = component, message = message or "failed" }
end

test("components that fail all day are left out of the order", function(t)
  t:at("2026-11-22T10:00:00Z")
  -- "noise" fails every minute for two hours; nothing else does.
  for _ = 1, 120 do failure(t, "noise", "1m") end
  failure(t, "db", "5s", "disk full")
  failure(t, "noise", "1s")
  failure(t, "api", "1s")
  failure(t, "web", "1s")
  failure(t, "api", "1s")
  failure(t, "web", "1s")
  t:expect {}
  failure(t, "db", "1s")
  t:advance("2m")
  t:expect { { fields = { component = "db", components = 3 },
    message = "db failed first: disk full. Then, within 3s: api +2s, web +3s; 6 errors in all" } }
  -- Told once.
  for _ = 1, 20 do failure(t, "api", "5s") failure(t, "web", "5s") failure(t, "db", "5s") end
  t:advance("2m")
  t:expect {}
end)

test("where something begins to fail every minute, three are nothing", function(t)
  t:at("2026-11-22T10:00:00Z")
  for i = 1, 600 do failure(t, "job" .. i % 200, "20s") end
  t:advance("5m")
  t:expect {}
end)
