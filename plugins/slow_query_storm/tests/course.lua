test("the whole storm is told when it's over", function(t)
  t:at("2026-11-22T10:00:00Z")
  for i = 1, 200 do
    t:event { component = "mongod", message = "Slow query", fields = { duration = i % 2 == 0 and 0.2 or 1 + i / 100 } }
    t:advance("500ms")
  end
  t:expect { { status = "raised", fields = { count = 20 } } }
  t:advance("5m")
  t:expect {
    {
      status = "cleared", fields = { count = 100 },
      message = "100 operations of 200 took 1s or longer within 1m39s in mongod: median 2s, 95th percentile 2.9s, " ..
        "the slowest 3s",
    },
  }
end)

test("MySQL's and MongoDB's own words", function(t)
  t:at("2026-11-22T10:00:00Z")
  for _ = 1, 10 do
    t:event { component = "db", message = "# Query_time: 2.5  Lock_time: 0.0 Rows_sent: 1" }
    t:event { component = "db", message = '{"type":"command","durationMillis":2100}' }
    t:advance("1s")
  end
  t:expect { { status = "raised" } }
end)

test("a storm that goes on when the log ends is told with its final number", function(t)
  t:at("2026-11-22T10:00:00Z")
  for _ = 1, 50 do
    t:event { component = "mongod", message = "Slow query", fields = { duration = 2.5 } }
    t:advance("1s")
  end
  t:expect { { status = "raised", fields = { count = 20 } } }
  t:finish()
  t:expect { { status = "cleared", fields = { count = 50 } } }
end)
