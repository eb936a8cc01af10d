test("Kubernetes' back-off names container and pod", function(t)
  t:at("2026-11-22T10:00:00Z")
  for _ = 1, 4 do
    t:event {
      component = "kubelet", level = "error",
      message = [["Error syncing pod, skipping" err="failed to \"StartContainer\" for \"web\" with CrashLoopBackOff: ]]
        .. [[\"back-off 40s restarting failed container=web pod=web-6d4b75cb6d-h8x2k_shop(2c1f)\""]],
    }
    t:advance("1m")
  end
  t:expect { { key = "web in pod web-6d4b75cb6d-h8x2k",
    message = "web in pod web-6d4b75cb6d-h8x2k started 4 times within 3m, and was never stopped" } }
end)

test("supervisord, and the whole story at the end", function(t)
  t:at("2026-11-22T10:00:00Z")
  for i = 1, 6 do
    t:event { component = "supervisord", message = ("spawned: 'worker' with pid %d"):format(100 + i) }
    t:advance("3s")
    t:event { component = "supervisord", message = "exited: worker (exit status 1; not expected)" }
    t:advance("20s")
  end
  t:expect { { status = "raised", key = "worker",
    message = "worker started 4 times within 1m9s; before it: exited: worker (exit status 1; not expected)" } }
  t:advance("20m")
  t:expect {
    { status = "cleared",
      message = "worker started 6 times within 1m55s; before it: exited: worker (exit status 1; not expected)" },
  }
end)

test("instances with files of their own are apart", function(t)
  t:at("2026-11-22T10:00:00Z")
  for i = 1, 6 do
    t:event { component = "app", message = "Server started", source = ("app-%d.log"):format(i) }
    t:advance("10s")
  end
  t:expect {}
end)

test("a start behind a stop begins the count anew", function(t)
  t:at("2026-11-22T10:00:00Z")
  for i = 1, 7 do
    if i == 4 then t:event { component = "app", message = "Shutting down" } end
    t:event { component = "app", message = "Server started" }
    t:advance("10s")
  end
  t:expect { { status = "raised", fields = { count = 4 } } }
end)

test("a loop that goes on when the log ends is told with its final number", function(t)
  t:at("2026-11-22T10:00:00Z")
  for i = 1, 7 do
    t:event { component = "supervisord", message = ("spawned: 'worker' with pid %d"):format(100 + i) }
    t:advance("20s")
  end
  t:expect { { status = "raised", key = "worker" } }
  t:finish()
  local found = t:findings()
  t:equal(#found, 1)
  t:equal(found[1].status, "cleared")
  t:equal(found[1].message:find("started 7 times", 1, true) ~= nil, true, "that all seven are told")
end)
