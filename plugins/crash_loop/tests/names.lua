-- A service that begins in its own words.
local function starts(t, component, message)
  t:at("2026-11-22T10:00:00Z")
  for _ = 1, 4 do
    t:event { component = component, level = "info", message = message }
    t:advance("20s")
    t:event { component = component, level = "error", message = "panic: no configuration" }
    t:advance("10s")
  end
  return t:findings()
end

test("a service that begins by its name", function(t)
  for component, message in ailogger.sorted_pairs {
    mailer = "starting mailer", ["com.shop.Mailer"] = "Mailer is starting", billing = "Billing started in 41 ms",
    cart = "Starting up", api = "Server listening at http://[::]:8080", queue = "starting up the queue worker",
  } do
    local found = starts(t, component, message)
    t:equal(#found, 1, component .. ": " .. message)
    t:equal(found[1] and found[1].level, "error", component)
  end
end)

test("what a service starts isn't the service", function(t)
  for component, message in ailogger.sorted_pairs {
    mailer = "starting mail to anna", cart = "cart started checkout 17", scheduler = "started job backup",
    mail = "starting mailing list",
  } do
    t:equal(#starts(t, component, message), 0, component .. ": " .. message)
  end
end)
