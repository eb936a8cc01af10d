local function errors(t, count, every, host)
  for i = 1, count do
    t:event { level = "error", component = "api", message = "timeout after " .. i .. " ms", fields = { host = host } }
    t:advance(every)
  end
end

test("a burst is raised once and told as a whole when it is over", function(t)
  t:at("2026-11-22T10:00:00Z")
  errors(t, 20, "30s")
  t:expect {}
  errors(t, 300, "500ms")
  t:expect { { status = "raised", key = "api" } }
  t:advance("5m")
  t:expect {
    {
      status = "cleared", key = "api",
      message = "301 errors of api within 3m, at most 120 in 1m, where 2 in 1m were usual; 281 times: timeout " ..
        "after # ms",
    },
  }
  t:advance("10m")
  t:expect {}
end)

test("what goes on and on is taken for usual if nothing was before", function(t)
  t:at("2026-11-22T10:00:00Z")
  errors(t, 2000, "1s")
  t:expect {}
  -- Five times as many then are a burst.
  errors(t, 400, "100ms")
  t:expect { { status = "raised" } }
end)

test("hosts are apart", function(t)
  t:at("2026-11-22T10:00:00Z")
  errors(t, 1, "10m", "a")
  for _ = 1, 15 do
    errors(t, 1, "1s", "a")
    errors(t, 1, "1s", "b")
  end
  t:expect {}
  errors(t, 12, "1s", "b")
  t:expect { { status = "raised", key = "api on b" } }
end)

test("a burst that goes on when the log ends is told with its final number", function(t)
  t:at("2026-11-22T10:00:00Z")
  errors(t, 20, "30s")
  errors(t, 60, "1s")
  t:expect { { status = "raised", key = "api" } }
  t:finish()
  local found = t:findings()
  t:equal(#found, 1)
  t:equal(found[1].status, "cleared")
  t:equal(found[1].fields.count > 50, true, "that the burst's errors are counted to the end")
end)
