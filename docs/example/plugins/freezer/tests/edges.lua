test("nothing is no dash", function(t)
  local event = t:parse("F3 261120.000000 0 0")
  t:equal(event.fields.celsius, 0.0, "celsius")
  t:equal(event.message, "0.0 °C")
end)

test("a day that its month hasn't leaves the time out", function(t)
  t:equal(t:parse("F3 260231.050000 -180 0").time, nil, "time")
end)
