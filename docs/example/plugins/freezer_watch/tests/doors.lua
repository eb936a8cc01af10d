test("a door that is shut in time", function(t)
  t:at("2026-11-20T04:00:00Z")
  t:event { component = "F1", message = "-18.4 °C", fields = { door = "open" } }
  t:advance("9m")
  t:event { component = "F1", message = "-17.0 °C", fields = { door = "shut" } }
  t:advance("5m")
  t:expect {}
end)

test("one finding for each time that it is opened", function(t)
  t:at("2026-11-20T04:00:00Z")
  for _, door in ipairs { "open", "open", "open", "shut", "open", "open", "open" } do
    t:event { component = "F1", message = "-18.4 °C", fields = { door = door } }
    t:advance("5m")
  end
  t:expect { { id = "door" }, { id = "door" } }
end)
