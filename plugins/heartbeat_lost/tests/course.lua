local function beat(t, count, every, component)
  for _ = 1, count do
    t:event { component = component or "web", message = "heartbeat" }
    t:advance(every)
  end
end

test("lost once, and told when it is back", function(t)
  t:at("2026-11-22T10:00:00Z")
  beat(t, 10, "30s")
  t:expect {}
  t:advance("1h")
  t:expect { { status = "raised" } }
  beat(t, 20, "30s")
  t:expect { { status = "cleared", message = "web: it is back after 1h: heartbeat" } }
  t:advance("1h")
  t:expect { { status = "raised" } }
end)

test("components are apart", function(t)
  t:at("2026-11-22T10:00:00Z")
  for _ = 1, 20 do
    beat(t, 1, "15s", "a")
    beat(t, 1, "15s", "b")
  end
  beat(t, 20, "30s", "a")
  t:expect { { status = "raised", fields = { component = "b" } } }
end)

test("what becomes irregular is no longer missed", function(t)
  t:at("2026-11-22T10:00:00Z")
  beat(t, 8, "30s")
  for i = 1, 6 do beat(t, 1, i * 10 .. "s") end
  t:advance("5h")
  t:expect {}
end)
