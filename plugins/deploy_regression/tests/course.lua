local function run(t, seconds, nth, component)
  for i = 1, seconds do
    t:event { component = component or "api", message = "order",
      level = nth > 0 and i % nth == 0 and "error" or "info" }
    t:advance("1s")
  end
end

test("errors that come long after are found at the end of the window", function(t)
  t:at("2026-11-22T10:00:00Z")
  run(t, 900, 200)
  t:event { component = "ci", message = "rolled out api 2.0.0" }
  run(t, 420, 200)
  t:expect {}
  run(t, 480, 12)
  t:expect { { title = "More errors since a deployment", fields = { component = "api", version = "2.0.0" } } }
  run(t, 900, 12)
  t:expect {}
end)

test("a bunch of errors as there were before is nothing", function(t)
  t:at("2026-11-22T10:00:00Z")
  -- A bad minute in every fifteen.
  run(t, 600, 0)
  run(t, 60, 2)
  run(t, 240, 0)
  t:event { component = "ci", message = "rolled out api 2.0.0" }
  run(t, 60, 0)
  run(t, 60, 2)
  run(t, 1000, 0)
  t:expect {}
end)

test("many instances are one deployment, and a version that comes and goes is no new one", function(t)
  t:at("2026-11-22T10:00:00Z")
  run(t, 900, 0)
  for _ = 1, 5 do
    t:event { component = "ci", message = "rolled out api 2.0.0" }
    t:event { component = "api", message = "x", fields = { version = "1" } }
    t:event { component = "api", message = "x", fields = { version = "2" } }
  end
  run(t, 1000, 20)
  t:equal(#t:findings(), 1, "findings")
end)
