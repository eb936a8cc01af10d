--- Zeek's conn.log in its own form, columns between tabs, with eight header lines.
--- The columns and states: https://old.zeek.org/manual/2.5.5/scripts/base/protocols/conn/main.bro.html

local M = {
  name = "zeek_conn",
  kind = "parser",
  api = 1,
  description = "Zeek conn.log (TSV)",
  match = [=[^(?:\d{10}\.\d{6}\tC[A-Za-z\d]{9,20}\t[\da-f.:]+\t\d+\t[\da-f.:]+\t\d+\t(?:tcp|udp|icmp]=] ..
    [=[|unknown_transport)\t|#(?:separator|set_separator|empty_field|unset_field|path|open|close|types)]=] ..
    -- Of other logs the native format w3c reads the rows by their columns' names.
    [=[[\t ]|#fields\tts\tuid\tid\.orig_h\tid\.orig_p\tid\.resp_h\tid\.resp_p\tproto\tservice\tduration\t]=] ..
    [=[orig_bytes\tresp_bytes\tconn_state\tlocal_orig\t)]=],
}

local entry = ailogger.regex(
  [=[^(?<seconds>\d++)\.(?<micros>\d++)\t(?<uid>[^\t]++)\t(?<source>[^\t]++)\t(?<source_port>\d++)\t]=] ..
  [=[(?<destination>[^\t]++)\t(?<destination_port>\d++)\t(?<transport>[^\t]++)\t(?:-|(?<service>[^\t]++))\t]=] ..
  [=[(?:-|(?<duration>[\d.]++))\t(?:-|(?<sent>\d++))\t(?:-|(?<received>\d++))\t(?<state>[A-Z\d]++|-)\t[^\t]++\t]=] ..
  [=[(?:[TF-]\t)?(?:-|(?<missed>\d++))\t(?:-|(?<history>[^\t]++))\t(?:-|(?<packets_sent>\d++))\t(?:-|\d++)\t]=] ..
  [=[(?:-|(?<packets_received>\d++))\t(?:-|\d++)]=])

local states = {
  S0 = { "warning", "no reply" },
  S1 = { "info", "established" },
  SF = { "info", "finished" },
  REJ = { "warning", "rejected" },
  S2 = { "info", "closing by originator" },
  S3 = { "info", "closing by responder" },
  RSTO = { "info", "reset by originator" },
  RSTR = { "warning", "reset by responder" },
  RSTOS0 = { "warning", "reset by originator before a reply" },
  RSTRH = { "warning", "reset by responder, no request seen" },
  SH = { "warning", "half open" },
  SHR = { "warning", "half open, no request seen" },
  OTH = { "info", "midstream" },
}

function M.parse(line, event)
  event.component = "zeek"
  if line:byte() == 0x23 then
    event.level = "debug"
    return
  end
  local seconds, micros, uid, source, source_port, destination, destination_port, transport, service, duration, sent,
    received, state, missed, history, packets_sent, packets_received = entry:captures(line)
  if not seconds then return false end
  local fields = event.fields
  local known = states[state]

  event.time = tonumber(seconds) * 1000000000 + tonumber(micros) * 1000
  event.level = known and known[1] or "info"
  event.message = ("%s%s %s:%s -> %s:%s, %s"):format(
    transport, service and "/" .. service or "", source, source_port, destination, destination_port,
    known and known[2] or "state " .. state)

  fields.connection = uid
  fields.source = source
  fields.source_port = tonumber(source_port)
  fields.destination = destination
  fields.destination_port = tonumber(destination_port)
  fields.transport = transport
  fields.application = service
  fields.duration = tonumber(duration)
  fields.bytes_sent = tonumber(sent)
  fields.bytes_received = tonumber(received)
  if state ~= "-" then fields.state = state end
  if missed ~= "0" then fields.bytes_missed = tonumber(missed) end
  fields.history = history
  fields.packets_sent = tonumber(packets_sent)
  fields.packets_received = tonumber(packets_received)
end

M.samples = {
  {
    line = "1795147216.120340\tCHhAvVGS1DHFjwGM9\t198.51.100.7\t51512\t192.0.2.21\t443\ttcp\tssl\t30.004211\t2048\t7096\tSF\t-\t-\t0\tShADadFf\t15\t2840\t16\t7940\t-",
    expect = {
      level = "INFO", component = "zeek", time = "2026-11-20T04:00:16.120340Z",
      message = "tcp/ssl 198.51.100.7:51512 -> 192.0.2.21:443, finished",
      fields = {
        connection = "CHhAvVGS1DHFjwGM9", source = "198.51.100.7", source_port = 51512, destination = "192.0.2.21",
        destination_port = 443, transport = "tcp", application = "ssl", duration = 30.004211, bytes_sent = 2048,
        bytes_received = 7096, state = "SF", history = "ShADadFf", packets_sent = 15, packets_received = 16,
      },
    },
  },
  {
    line = "1795147217.000001\tC4J4Th3PJpwUYZZ6gc\t203.0.113.66\t41022\t192.0.2.5\t5432\ttcp\t-\t0.000104\t0\t0\tREJ\tF\tT\t0\tSr\t1\t44\t1\t40\t(empty)\t6",
    expect = {
      level = "WARNING", message = "tcp 203.0.113.66:41022 -> 192.0.2.5:5432, rejected", fields = { state = "REJ" },
    },
  },
  {
    line = "1795147218.000000\tCtxTCR2Yer0FR1tIBg\t2001:db8::21\t40022\t2001:db8::53\t53\tudp\tdns\t-\t-\t-\tS0\t-\t-\t0\tD\t1\t72\t0\t0\t-",
    expect = { level = "WARNING", message = "udp/dns 2001:db8::21:40022 -> 2001:db8::53:53, no reply" },
  },
  {
    line = "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes",
    expect = { level = "DEBUG" },
  },
  { line = "#fields\tts\tuid\tid.orig_h\tid.orig_p", expect = false },
  { line = "1795147216.120340\tCHhAvVGS1DHFjwGM9\t198.51.100.7\t51512\t192.0.2.21\t53\tudp\t4711\tshop.example.com\t1\tC_INTERNET", expect = false },
  { line = "1795147216.120    12 10.1.2.4 TCP_HIT/200 512 GET http://example.com/ - HIER_NONE/- text/html", expect = false },
}

return M
