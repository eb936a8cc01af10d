--- A filter script in Fluent Bit's contract, run as it is: order.lua was written for Fluent Bit and knows nothing of
--- this program. Any such script needs no more than these lines around it.

local M = {
  name = "fluentbit_example",
  kind = "fluentbit",
  api = 1,
  description = "an example: a filter script of Fluent Bit's, run as it is",
  script = "order.lua",
  call = "cb_order",
}

M.samples = {
  {
    event = {
      message = "order 4711: 3 items, EUR 59.90", level = "info", component = "worker",
      fields = { host = "a" },
    },
    expect = {
      message = "order 4711: 3 items, EUR 59.90", level = "info", component = "worker",
      fields = { order = 4711, items = 3, currency = "EUR", amount = 59.9, host = "a" },
    },
  },
  -- One event becomes two.
  {
    event = { message = "orders 4711,4712 shipped", fields = { host = "a" } },
    expect = {
      { message = "order 4711 shipped", fields = { order = 4711, host = "a" } },
      { message = "order 4712 shipped", fields = { order = 4712, host = "a" } },
    },
  },
  { event = { message = "ping" }, expect = false },
  {
    event = { message = "done at 1763800000.5", time = "2025-11-22T08:30:00Z" },
    expect = { message = "done", time = 1763800000500000000 },
  },
  {
    event = { message = "nothing of this", fields = { a = 1 } },
    expect = { message = "nothing of this", fields = { a = 1 } },
  },
}

return M
